"""Tasks that a point can no longer serve, because it counted less than it owes."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from fulfillment.choices import TaskStatus
from fulfillment.models import TaskLine
from fulfillment.services.settling import settle
from fulfillment.services.work import load
from oms.inventory.models import StockLevel
from oms.kernel.actors import Actor
from oms.orders.models import Order

_OPEN = (
    TaskStatus.CREATED,
    TaskStatus.ACCEPTED,
    TaskStatus.PICKING,
    TaskStatus.PICKED,
    TaskStatus.PACKED,
    TaskStatus.READY_FOR_PICKUP,
    TaskStatus.OUT_OF_STOCK,
    TaskStatus.BLOCKED,
    TaskStatus.WAITING_REMOTE,
    TaskStatus.WAITING_TRANSFER,
)
_NOT_BEGUN = (TaskStatus.CREATED, TaskStatus.ACCEPTED, TaskStatus.OUT_OF_STOCK)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """Units of one SKU that one task still has to ship."""

    task_id: int
    order_id: int
    sku_id: int
    status: str
    units: int


def flag_unserved(*, point_id: int, actor: Actor, now: datetime) -> list[str]:
    """Mark the youngest tasks a point cannot serve, and unmark those it can serve again.

    What is on the shelf goes to work that has begun, then to the oldest tasks; a task for which
    too little is left becomes OUT_OF_STOCK. It keeps its reservation and waits for staff, who
    cancel its lines, or for a better count. Returns the numbers of the tasks whose state changed.
    """
    claims = _claims(point_id)
    unserved = _unserved(claims, _on_hand(point_id, {claim.sku_id for claim in claims}))
    moves = {
        claim.task_id: claim.order_id
        for claim in claims
        if claim.status in _NOT_BEGUN
        and (claim.task_id in unserved) != (claim.status == TaskStatus.OUT_OF_STOCK)
    }
    changed = []
    for task_id, order_id in sorted(moves.items(), key=lambda move: (move[1], move[0])):
        number = _move(order_id, task_id, is_served=task_id not in unserved, actor=actor, now=now)
        changed += [number] if number else []
    return changed


def _claims(point_id: int) -> list[_Claim]:
    """What open tasks of the point need, of SKUs that are short or were, oldest task first."""
    short = StockLevel.objects.filter(point_id=point_id, reserved__gt=F("on_hand"))
    lines = TaskLine.objects.filter(
        task__point_id=point_id,
        task__status__in=_OPEN,
        task__is_reserved=True,
        source_point__isnull=True,
    )
    flagged = lines.filter(task__status=TaskStatus.OUT_OF_STOCK)
    skus = {*short.values_list("sku_id", flat=True), *flagged.values_list("sku_id", flat=True)}
    if not skus:
        return []
    rows = lines.filter(sku_id__in=skus).order_by("task_id", "id")
    return [
        _Claim(task_id=task, order_id=order, sku_id=sku, status=status, units=units)
        for task, order, sku, status, units in rows.values_list(
            "task_id",
            "task__order_id",
            "sku_id",
            "task__status",
            F("quantity") - F("quantity_cancelled") - F("quantity_shipped"),
        )
    ]


def _on_hand(point_id: int, sku_ids: Collection[int]) -> dict[int, int]:
    levels = StockLevel.objects.filter(point_id=point_id, sku_id__in=sku_ids)
    return dict(levels.values_list("sku_id", "on_hand"))


def _unserved(claims: Sequence[_Claim], on_hand: dict[int, int]) -> set[int]:
    """Tasks for which too little is left, when the shelf is given out in order of claims."""
    left = dict(on_hand)
    by_task: dict[int, list[_Claim]] = defaultdict(list)
    for claim in sorted(claims, key=lambda claim: claim.status in _NOT_BEGUN):
        by_task[claim.task_id].append(claim)
    unserved = set()
    for task_id, needs in by_task.items():
        needed: dict[int, int] = defaultdict(int)
        for claim in needs:
            needed[claim.sku_id] += claim.units
        if all(left.get(sku, 0) >= units for sku, units in needed.items()):
            for sku, units in needed.items():
                left[sku] -= units
        else:
            unserved.add(task_id)
    return unserved


@transaction.atomic
def _move(
    order_id: int, task_id: int, *, is_served: bool, actor: Actor, now: datetime
) -> str | None:
    """Change one task's state under its order's lock, unless its point has begun meanwhile."""
    order = Order.objects.locked().get(pk=order_id)
    work = load(order)
    task = work.tasks[task_id]
    was_served = task.stored != TaskStatus.OUT_OF_STOCK
    if not task.is_reserved or task.stored not in _NOT_BEGUN or was_served == is_served:
        return None
    taken = TaskStatus.ACCEPTED if task.received_at else TaskStatus.CREATED
    task.status = taken if is_served else TaskStatus.OUT_OF_STOCK
    settle(work, said=[], actor=actor, now=now, cause=task.number)
    return task.number
