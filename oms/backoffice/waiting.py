"""The one headline of an order: its state, and a sentence that says what it waits for.

Derived on every page, never stored. Used by the list, the page and the dashboard alike.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from fulfillment.choices import TaskStatus
from fulfillment.models import FulfillmentTask
from oms.backoffice import reads
from oms.backoffice.formats import zone_named
from oms.orders.choices import HoldReason, OrderStatus
from oms.orders.models import Order

_AT_WORK = {
    TaskStatus.ACCEPTED: "{} has accepted and will pick",
    TaskStatus.PICKING: "{} is picking",
    TaskStatus.PICKED: "{} has picked and will pack",
    TaskStatus.PACKED: "Packed at {}, waiting for pickup",
    TaskStatus.WAITING_REMOTE: "The other side must confirm what {} ships",
    TaskStatus.WAITING_TRANSFER: "{} waits for goods from another point",
    TaskStatus.NEEDS_REPLANNING: "{} refused it; another point is looked for",
    TaskStatus.BLOCKED: "Blocked at {}",
    TaskStatus.READY_FOR_PICKUP: "Waiting at {} for the customer",
    TaskStatus.OUT_OF_STOCK: "{} has no stock left for it",
    TaskStatus.ATTEMPTED: "Delivery from {} was attempted",
    TaskStatus.DELIVERY_FAILED: "Delivery from {} failed",
    TaskStatus.RETURNED_TO_POINT: "Came back to {}",
}
_PLAIN = {
    OrderStatus.CREATED: "Waiting for payment",
    OrderStatus.SHIPPED: "On its way",
    OrderStatus.OUT_FOR_DELIVERY: "On its way to the door",
    OrderStatus.RETURNED_TO_POINT: "Came back undelivered",
}


@dataclass(slots=True)
class Surroundings:
    """What stands around an order and decides what it waits for."""

    holds: list[str] = field(default_factory=list)
    has_cancel_request: bool = False
    has_failed_label: bool = False
    tasks: list[FulfillmentTask] = field(default_factory=list)
    units: int = 0


def sentence(order: Order, around: Surroundings, *, zone: str, now: datetime) -> str:
    """What the order waits for, by whom it is held, until when. Empty when it waits for nothing."""
    if not order.is_open:
        return ""
    parts = []
    if around.holds:
        parts.append("Held: " + ", ".join(HoldReason(reason).label for reason in around.holds))
    if around.has_cancel_request:
        parts.append("Somebody must decide on a cancel request")
    if around.has_failed_label:
        parts.append("A label failed")
    parts.append(_progress(order, around.tasks, zone=zone, now=now))
    return ". ".join(part for part in parts if part)


def _progress(order: Order, tasks: Sequence[FulfillmentTask], *, zone: str, now: datetime) -> str:
    if order.status in _PLAIN:
        return _PLAIN[OrderStatus(order.status)]
    if order.status == OrderStatus.PAID:
        return "Waiting to be routed"
    if order.status == OrderStatus.UNALLOCATED:
        return f"Waiting: {order.waiting_for or 'no point could serve it'}"
    live = [task for task in tasks if task.status != TaskStatus.CANCELLED]
    return "; ".join(dict.fromkeys(_of_task(task, zone=zone, now=now) for task in live))


def _of_task(task: FulfillmentTask, *, zone: str, now: datetime) -> str:
    point = task.point.name
    if task.status != TaskStatus.CREATED:
        return _AT_WORK.get(TaskStatus(task.status), "").format(point)
    if task.accept_by is None:
        return f"Waiting for {point} to accept"
    due = task.accept_by.astimezone(zone_named(zone))
    if task.accept_by < now:
        return f"{point} has not accepted; it was due {due.day} {due:%b, %H:%M}"
    return f"Waiting for {point} to accept by {due:%H:%M}"


def surroundings(orders: Iterable[Order]) -> dict[int, Surroundings]:
    """Holds, cancel requests, tasks and units of a page of orders, in six statements."""
    ids = [order.pk for order in orders]
    found = {pk: Surroundings() for pk in ids}
    for order_id, reason in reads.open_holds(ids):
        found[order_id].holds.append(reason)
    for order_id in reads.open_requests(ids):
        found[order_id].has_cancel_request = True
    for order_id in reads.failed_labels(ids):
        found[order_id].has_failed_label = True
    for task in reads.tasks_of(ids):
        found[task.order_id].tasks.append(task)
    for order_id, units in reads.units_of(ids):
        found[order_id].units = units
    return found
