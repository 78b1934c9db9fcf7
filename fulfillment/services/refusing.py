"""Units a point says it cannot supply: they go to another point, or are cancelled by the seller."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import F

from fulfillment import lifecycle
from fulfillment.choices import TaskStatus
from fulfillment.models import TaskLine
from fulfillment.services import facts, unit_cancelling, voiding, whole_sets
from fulfillment.services.rerouting import could_go_elsewhere
from fulfillment.services.settling import settle, settle_task
from fulfillment.services.work import LineWork, OrderWork, TaskWork, lock_task
from oms.events.choices import EventType
from oms.inventory import services as inventory
from oms.kernel import errors, sql
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.orders import services as orders
from oms.orders.choices import CancelParty

REASON = "The point cannot supply it"

# What the seller cancelled of a task otherwise than by refusals.
_BY_SELLER = """
SELECT l.sku_id, sum((u.unit ->> 'quantity')::bigint)::bigint
FROM fulfillment_cancellationtask c
JOIN events_event e ON e.subject_type = 'cancellation' AND e.subject_id = c.id
                   AND e.type = 'cancellation.created'
CROSS JOIN LATERAL jsonb_array_elements(e.data -> 'units') u (unit)
JOIN fulfillment_taskline l ON l.number = (u.unit ->> 'task_line')::bigint
WHERE c.task_id = %(task_id)s::bigint AND c.reason <> %(reason)s::text
  AND u.unit ->> 'party' = 'SELLER'
GROUP BY l.sku_id
"""


class SkuNotInTask(errors.InvalidInput):
    """The task has no line of a SKU; `skus` are keys."""

    code = "sku_not_in_task"

    def __init__(self, skus: list[int]) -> None:
        super().__init__("The task has no such SKU", skus=skus)
        self.skus = skus


class RefusedTooLate(errors.Conflict):
    """Every unit of the task is in a box, or it has ended: nothing of it can be refused."""

    code = "refused_too_late"

    def __init__(self, status: TaskStatus) -> None:
        super().__init__(f"A {status.label.lower()} task has no open units", status=status)
        self.status = status


class MoreThanOpen(errors.Conflict):
    """More units are refused than are open; `skus` are keys."""

    code = "more_than_open"

    def __init__(self, skus: list[int]) -> None:
        super().__init__("More units are refused than are open", skus=skus)
        self.skus = skus


@retried
@transaction.atomic
def refuse_units(
    *, task_number: str, totals: Mapping[int, int], actor: Actor, now: datetime
) -> int:
    """Take units from a task that its point cannot supply. Returns how many are new.

    `totals` say, by SKU, how many units of the task stand refused or cancelled by the seller
    afterwards; what is so already changes nothing. Units in boxes cannot be refused. When other
    points have all of the new ones free, and the order may be shipped from there, they go back to
    routing, which asks those; else they are cancelled by the seller, and with a part of a bundle
    the rest of its set. Raises TaskNotFound, SkuNotInTask, RefusedTooLate, MoreThanOpen,
    orders.BundleBroken.
    """
    work, task = lock_task(number=task_number, actor=actor)
    if strange := sorted(totals.keys() - {line.sku_id for line in task.lines.values()}):
        raise SkuNotInTask(strange)
    before = _before(task)
    wanted = {sku_id: n - before[sku_id] for sku_id, n in totals.items() if n > before[sku_id]}
    if not wanted:
        return 0
    new = _by_line(task, wanted)
    hops = could_go_elsewhere(work, task, new, now=now)
    if not hops:
        new = whole_sets.completed(task, new)
    needs = _take(work, task, new, hops=hops, actor=actor, now=now)
    units = Counter[int]()
    for pk, quantity in new.items():
        units[task.lines[pk].order_line_id] += quantity
    inventory.release_stock(needs=needs, actor=actor)
    if hops:
        orders.record_deallocation(
            order=work.order, units=units, actor=actor, now=now, cause=task.number, due_at=now
        )
    else:
        _cancel(work, task, units, actor=actor, now=now)
    return sum(new.values())


def _before(task: TaskWork) -> Counter[int]:
    """Units by SKU that stand refused by the point or cancelled by the seller."""
    asked: dict[str, object] = {"task_id": task.id, "reason": REASON}
    units = Counter[int](dict(sql.rows(_BY_SELLER, asked)))
    for sku_id, short in TaskLine.objects.filter(task_id=task.id).values_list(
        "sku_id", "quantity_short"
    ):
        units[sku_id] += short
    return units


def _by_line(task: TaskWork, wanted: Mapping[int, int]) -> dict[int, int]:
    """New units by task line: open ones only, first line first."""
    packed = task.packed_units()
    open_units = {pk: line.live - packed.get(pk, 0) for pk, line in task.lines.items()}
    is_over = task.stored in lifecycle.TASK_ENDED or not task.is_reserved
    if is_over or not any(n > 0 for n in open_units.values()):
        raise RefusedTooLate(task.stored)
    left = dict(wanted)
    units = {}
    for pk, line in task.lines.items():
        if taken := min(left.get(line.sku_id, 0), max(open_units[pk], 0)):
            units[pk] = taken
            left[line.sku_id] -= taken
    if missing := sorted(sku_id for sku_id, quantity in left.items() if quantity):
        raise MoreThanOpen(missing)
    return units


def _take(
    work: OrderWork,
    task: TaskWork,
    units: Mapping[int, int],
    *,
    hops: bool,
    actor: Actor,
    now: datetime,
) -> list[inventory.StockNeed]:
    """Take the units from the task and report it. Returns what is no longer reserved."""
    said, needs = unit_cancelling.drop_units(work, task, units, now=now)
    for pk, quantity in units.items():
        TaskLine.objects.filter(pk=pk).update(quantity_short=F("quantity_short") + quantity)
    dropped: list[LineWork] = [
        replace(task.lines[pk], quantity=quantity) for pk, quantity in units.items()
    ]
    said += facts.lines_cancelled(work.order, task, dropped)
    parties = {} if hops else {line.order_line_id: CancelParty.SELLER for line in dropped}
    said += voiding.tell_point(work, task, dropped, reason=REASON, now=now, parties=parties)
    ended = EventType.TASK_HOPPED if hops and not task.live_lines else None
    said += settle_task(work, task, now=now, event=ended)
    settle(work, said=said, actor=actor, now=now, cause="")
    return needs


def _cancel(
    work: OrderWork, task: TaskWork, units: Mapping[int, int], *, actor: Actor, now: datetime
) -> None:
    cancels = [
        orders.LineCancel(line_id=pk, quantity=n, party=CancelParty.SELLER, reason=REASON)
        for pk, n in units.items()
    ]
    orders.record_cancellation(
        order=work.order,
        cancels=cancels,
        deallocate=units,
        actor=actor,
        now=now,
        cause=task.number,
    )
