"""States of tasks and transfers as configured transitions name them."""

from collections.abc import Mapping

from fulfillment.choices import TaskStatus as T
from fulfillment.choices import TransferStatus
from fulfillment.services.work import OrderWork, TaskWork
from oms.orders.choices import CancelRequestStatus
from oms.orders.models import CancelRequest, OrderLine

WAITING, REMOTE, PREPARING, TRANSFER = "100", "150", "200", "300"
READY_TO_PACK, PACKED, PICKUP = "400", "500", "520"
SHIPPED, ATTEMPTED, DELIVERED, FAILED = "600", "640", "650", "660"
CANCEL_WAITING, CANCELLED, RESCHEDULE, OUT_OF_STOCK = "800", "900", "910", "920"
BLOCKED, REFUND = "1000", "1100"

STATE_OF: Mapping[T, str] = {
    T.CREATED: WAITING,
    T.WAITING_REMOTE: REMOTE,
    T.ACCEPTED: PREPARING,
    T.PICKING: PREPARING,
    T.WAITING_TRANSFER: TRANSFER,
    T.PICKED: READY_TO_PACK,
    T.PACKED: PACKED,
    T.READY_FOR_PICKUP: PICKUP,
    T.SHIPPED: SHIPPED,
    T.ATTEMPTED: ATTEMPTED,
    T.DELIVERED: DELIVERED,
    T.DELIVERY_FAILED: FAILED,
    T.RETURNED_TO_POINT: FAILED,
    T.LOST: FAILED,
    T.CANCELLED: CANCELLED,
    T.NEEDS_REPLANNING: RESCHEDULE,
    T.OUT_OF_STOCK: OUT_OF_STOCK,
    T.BLOCKED: BLOCKED,
    T.PACKED_FOR_REFUND: REFUND,
}
TRANSFER_STATE_OF: Mapping[TransferStatus, str] = {
    TransferStatus.WAITING: "waiting",
    TransferStatus.READY: "ready_to_shipment",
    TransferStatus.IN_TRANSIT: "in_transit",
    TransferStatus.TRANSFERRED: "transferred",
    TransferStatus.CANCELLED: "cancelled",
}
# Nothing is cancelled of what has left or ended, so a wish to cancel does not show there.
_SETTLED = frozenset({SHIPPED, ATTEMPTED, DELIVERED, FAILED, CANCELLED, REFUND})


def state_of(status: T, *, has_wish: bool) -> str:
    """A task's state; `has_wish`: somebody must decide whether a line of it is cancelled."""
    state = STATE_OF[status]
    return CANCEL_WAITING if has_wish and state not in _SETTLED else state


def has_wish(work: OrderWork, task: TaskWork) -> bool:
    """Whether an open request asks to cancel a live line of the task, or the whole order."""
    wishes = CancelRequest.objects.filter(order=work.order, status=CancelRequestStatus.OPEN)
    ours = {line.order_line_id for line in task.live_lines}
    named = [
        {entry.line_id for entry in wish.lines.all()} for wish in wishes.prefetch_related("lines")
    ]
    if any(not lines or lines & ours for lines in named):
        return True
    bundles = {line_id for lines in named for line_id in lines}
    return bool(bundles) and OrderLine.goods.filter(pk__in=ours, parent__in=bundles).exists()
