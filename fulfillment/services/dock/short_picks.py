"""Units that were to be picked and are not there."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import F

from fulfillment.models import FulfillmentTask, TaskLine
from fulfillment.queries import TaskNotFound
from fulfillment.services import facts, unit_cancelling, voiding
from fulfillment.services.packing_rules import LineNotInTask
from fulfillment.services.settling import settle
from fulfillment.services.work import OrderWork, TaskWork, load
from oms.events.choices import EventType
from oms.events.outbox import Fact
from oms.inventory import services as inventory
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.orders import services as orders

REASON = "Not found at the point"


class ShortPickExceeded(errors.Conflict):
    """More units are missing than are left to pick: the others are in boxes, or cancelled."""

    code = "short_pick_exceeded"


@retried
@transaction.atomic
def report_short_pick(
    *, task_id: int, units: Mapping[int, int], actor: Actor, now: datetime
) -> bool:
    """A point did not find units of a task's lines (by primary key, units missing so far in all).

    The task loses them, and ends with its last ones; routing gives them to another point, or the
    order waits. This point is not asked for them again. The count of its stock stays: the point
    says with its next count what it has. The same again changes nothing. True when it was news.

    Raises TaskNotFound, LineNotInTask, ShortPickExceeded.
    """
    seen = FulfillmentTask.objects.visible_to(actor).filter(pk=task_id)
    order_id = seen.values_list("order_id", flat=True).first()
    if order_id is None:
        raise TaskNotFound("No such task")
    order = orders.lock_order(order_id=order_id)
    work = load(order)
    task = work.tasks[task_id]
    fresh = _fresh(task, units)
    if not fresh:
        return False
    said, needs = _take(work, task, fresh, now=now)
    inventory.release_stock(needs=needs, actor=actor)
    given = Counter[int]()
    for line_id, quantity in fresh.items():
        given[task.lines[line_id].order_line_id] += quantity
    orders.record_deallocation(
        order=order, units=given, actor=actor, now=now, cause=task.number, due_at=now
    )
    settle(work, said=said, actor=actor, now=now, cause=task.number)
    return True


def _fresh(task: TaskWork, units: Mapping[int, int]) -> dict[int, int]:
    """Units that are missing beyond what was said before, by line."""
    if units.keys() - task.lines.keys():
        raise LineNotInTask("The task has no such line", task=task.number)
    said = dict(TaskLine.objects.filter(pk__in=units.keys()).values_list("pk", "quantity_short"))
    if not task.is_reserved:
        raise ShortPickExceeded("Nothing of the task is left to pick", task=task.number)
    packed = task.packed_units()
    fresh = {}
    for line_id, missing in units.items():
        line = task.lines[line_id]
        more = missing - said[line_id]
        if more > line.live - packed.get(line_id, 0):
            raise ShortPickExceeded("More is missing than is left to pick", task=task.number)
        if more > 0:
            fresh[line_id] = more
    return fresh


def _take(
    work: OrderWork, task: TaskWork, fresh: Mapping[int, int], *, now: datetime
) -> tuple[list[Fact], list[inventory.StockNeed]]:
    """Take the units from the task. Returns what to report, and what is no longer reserved."""
    said, needs = unit_cancelling.drop_units(work, task, fresh, now=now)
    for line_id, quantity in fresh.items():
        TaskLine.objects.filter(pk=line_id).update(quantity_short=F("quantity_short") + quantity)
    missing = [
        {"task_line": task.lines[line_id].number, "quantity": quantity}
        for line_id, quantity in fresh.items()
    ]
    short = facts.task_fact(
        EventType.TASK_SHORT_PICKED,
        order=work.order,
        task=task,
        status=task.stored,
        lines=missing,
    )
    dropped = [replace(task.lines[pk], quantity=quantity) for pk, quantity in fresh.items()]
    said += facts.lines_cancelled(work.order, task, dropped)
    told = voiding.tell_point(work, task, dropped, reason=REASON, now=now)
    return [short, *said, *told], needs
