"""Taking tasks from points that did not accept them in time."""

from collections import Counter
from datetime import datetime

from django.db import transaction

from fulfillment.choices import TaskStatus
from fulfillment.models import FulfillmentTask
from fulfillment.services import voiding
from fulfillment.services.settling import settle_task
from fulfillment.services.work import OrderWork, TaskWork, load
from oms.accounts.clocks import EVERYBODY, Circle
from oms.events import outbox
from oms.events.choices import EventType
from oms.inventory import services as inventory
from oms.kernel.actors import SYSTEM
from oms.orders import services as orders

REASON = "Not accepted in time"


def hop_due(*, now: datetime, limit: int = 100, circle: Circle = EVERYBODY) -> int:
    """Take every task of a circle whose time to accept has passed from its point; says how many.

    The point is told by a closed cancellation task, and its units go back to routing, which asks
    the next candidate; a point that lost a task of an order is not asked again for it.
    """
    due = FulfillmentTask.objects.filter(
        circle.members(), status=TaskStatus.CREATED, accept_by__lt=now
    )
    tasks = list(due.order_by("accept_by", "pk").values_list("order_id", "pk")[:limit])
    return sum(_hop(order_id, task_id, now=now) for order_id, task_id in tasks)


@transaction.atomic
def _hop(order_id: int, task_id: int, *, now: datetime) -> bool:
    """Take one task away, unless its point was quicker."""
    order = orders.lock_order(order_id=order_id)
    still_due = FulfillmentTask.objects.filter(
        pk=task_id, status=TaskStatus.CREATED, accept_by__lt=now
    )
    if not still_due.exists():
        return False
    work = load(order)
    task = work.tasks[task_id]
    _take_away(work, task, now=now)
    return True


def _take_away(work: OrderWork, task: TaskWork, *, now: datetime) -> None:
    lines = task.live_lines
    units = Counter[int]()
    for line in lines:
        units[line.order_line_id] += line.live
    said, needs = voiding.drop_lines(work, task, lines, now=now)
    told = voiding.tell_point(work, task, lines, reason=REASON, now=now)
    hopped = settle_task(work, task, now=now, event=EventType.TASK_HOPPED)
    outbox.record([*said, *hopped, *told], actor=SYSTEM, now=now)
    inventory.release_stock(needs=needs, actor=SYSTEM)
    orders.record_deallocation(
        order=work.order, units=units, actor=SYSTEM, now=now, cause=task.number, due_at=now
    )
