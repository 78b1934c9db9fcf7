"""Units nobody can serve, at the default point of a scenario: tasks that hold no stock.

They are not counted as allocated, so their order stays due for routing. What routing serves later,
and what is cancelled, is taken from them; a task ends with its last units.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from fulfillment.choices import TaskStatus
from fulfillment.models import FulfillmentTask, TaskLine
from fulfillment.routing.shapes import Share
from fulfillment.services import facts, voiding
from fulfillment.services.planning import Result
from fulfillment.services.settling import settle_task
from fulfillment.services.work import LineWork, OrderWork, TaskWork, load
from oms.events import outbox
from oms.events.choices import EventType, SubjectType
from oms.events.outbox import Fact
from oms.kernel.actors import Actor
from oms.orders.models import Order, OrderLine

WAITING = (TaskStatus.OUT_OF_STOCK, TaskStatus.NEEDS_REPLANNING)
_REASON = "Nobody can serve it now"


@dataclass(slots=True)
class _Room:
    """How many units of each order line may stand unreserved: in all, and at the default point."""

    waiting: dict[int, int]
    at_default: dict[int, int] = field(default_factory=dict)
    points: dict[int, int] = field(default_factory=dict)

    def take(self, task: TaskWork, line: LineWork) -> bool:
        """Whether a line may stay where it is; if so its units are counted."""
        key, units = line.order_line_id, line.live
        if key in self.points:
            is_there = task.point_id == self.points[key]
            if task.stored != TaskStatus.OUT_OF_STOCK or not is_there:
                return False
            if self.at_default[key] < units:
                return False
            self.at_default[key] -= units
        if self.waiting.get(key, 0) < units:
            return False
        self.waiting[key] -= units
        return True


def arrange(result: Result, *, decision_id: int | None, actor: Actor, now: datetime) -> None:
    """Make the unreserved units of an order what its plan says, in routing's own transaction.

    Units at the default point for as long as the plan leaves them unserved stay in the task they
    are in. What a point refused goes there too; without a default point it waits where it is.
    """
    order = Order.objects.locked().get(pk=result.order.id)
    work = load(order)
    room = _Room(waiting={line.line_id: line.quantity for line in result.order.waiting})
    for share in result.plan.unserved:
        for line_id, units in share.lines.items():
            room.at_default[line_id] = units
            room.points[line_id] = share.point_id
    said = _trim(work, room, now=now)
    for share in result.plan.unserved:
        left = {key: room.at_default[key] for key in share.lines if room.at_default[key]}
        if left:
            made = _open(result, share, left, decision_id=decision_id, now=now)
            said.append(_created(result, made))
    outbox.record(said, actor=actor, now=now)


def trim(*, order: Order, actor: Actor, now: datetime) -> None:
    """Take from unreserved tasks what is not waited for any more: units that were cancelled.

    The order is locked by the caller.
    """
    held = FulfillmentTask.objects.filter(order=order, is_reserved=False, status__in=WAITING)
    if not held.exists():
        return
    lines = OrderLine.goods.filter(order=order)
    room = _Room(waiting={line.pk: line.quantity_waiting for line in lines})
    outbox.record(_trim(load(order), room, now=now), actor=actor, now=now)


def _trim(work: OrderWork, room: _Room, *, now: datetime) -> list[Fact]:
    said: list[Fact] = []
    for task in work.tasks.values():
        if task.is_reserved or task.stored not in WAITING:
            continue
        gone = [line for line in task.live_lines if not room.take(task, line)]
        if gone:
            said += _take(work, task, gone, now=now)
    return said


def _take(
    work: OrderWork, task: TaskWork, lines: Iterable[LineWork], *, now: datetime
) -> list[Fact]:
    taken = list(lines)
    said, _nothing = voiding.drop_lines(work, task, taken, now=now)
    said += facts.lines_cancelled(work.order, task, taken)
    return said + settle_task(work, task, now=now, event=EventType.TASK_HOPPED)


def _open(
    result: Result,
    share: Share,
    units: Mapping[int, int],
    *,
    decision_id: int | None,
    now: datetime,
) -> FulfillmentTask:
    """A task of single units, so that each can go to another point by itself."""
    order = result.order
    skus = {line.id: line.sku_id for line in order.lines if line.sku_id is not None}
    task = FulfillmentTask.objects.create(
        organization_id=order.organization_id,
        channel_id=order.channel_id,
        order_id=order.id,
        point_id=share.point_id,
        decision_id=decision_id,
        status=TaskStatus.OUT_OF_STOCK,
        is_reserved=False,
        held_reason=(result.plan.reason or _REASON)[:255],
        delivery=order.delivery,
        delivery_type=result.rules.delivery_type or "Standard",
        created_at=now,
        changed_at=now,
    )
    TaskLine.objects.bulk_create(
        TaskLine(task=task, order_line_id=key, sku_id=skus[key], quantity=1)
        for key, count in units.items()
        for _ in range(count)
    )
    task.refresh_from_db(fields=["number"])
    return task


def _created(result: Result, task: FulfillmentTask) -> Fact:
    """Told to the organization, not to the point's machines: it is nobody's work yet."""
    order = result.order
    return Fact(
        organization_id=order.organization_id,
        type=EventType.TASK_CREATED,
        subject_type=SubjectType.TASK,
        subject_id=task.pk,
        order_ref=order.id,
        channel_id=order.channel_id,
        status=task.status,
        data={
            "task": task.number,
            "order": order.external_id,
            "channel_id": order.channel_id,
            "point_id": task.point_id,
        },
    )
