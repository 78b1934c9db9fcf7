"""The words of the contract's orders and ours (contract 4.8). The only file that knows both."""

from collections.abc import Iterable, Mapping

from oms.orders.choices import (
    CancelDecision,
    CancelReason,
    HoldReason,
    OrderStatus,
    PaymentMethod,
    PaymentStatus,
)
from oms.orders.lifecycle import ENDED, LineQuantities

PAYMENT_STATUS: Mapping[str, PaymentStatus] = {each.lower(): each for each in PaymentStatus}
PAYMENT_METHOD: Mapping[str, PaymentMethod] = {each.lower(): each for each in PaymentMethod}
CANCEL_REASON: Mapping[str, CancelReason] = {each.lower(): each for each in CancelReason}
HOLD_REASON: Mapping[str, HoldReason] = {
    "fraud_check": HoldReason.FRAUD,
    "address": HoldReason.ADDRESS,
    "payment": HoldReason.PAYMENT,
    "stock": HoldReason.STOCK,
    "customer_request": HoldReason.CUSTOMER,
    "other": HoldReason.OTHER,
}
HOLD_REASON_OUT: Mapping[str, str] = {ours: word for word, ours in HOLD_REASON.items()}
# Orders of other languages have kinds of their own; here they are sales to people.
ORDER_TYPE: Mapping[str, str] = {"b2c": "NORMAL", "b2b": "B2B"}
DECISION: Mapping[str, CancelDecision] = {
    "accept": CancelDecision.ACCEPT,
    "reject": CancelDecision.REJECT,
}
REQUEST_STATUS: Mapping[str, str] = {
    "": "open",
    CancelDecision.ACCEPT: "accepted",
    CancelDecision.REJECT: "rejected",
    CancelDecision.EXPIRE: "expired",
}

# Where an order may go from each state, as the contract lists it.
NEXT: Mapping[str, tuple[str, ...]] = {
    "pending": ("confirmed", "on_hold", "cancelled"),
    "confirmed": ("allocated", "on_hold", "cancelled"),
    "on_hold": ("cancelled",),
    "allocated": ("processing", "on_hold", "cancelled"),
    "processing": ("partially_shipped", "shipped", "allocated", "cancelled"),
    "partially_shipped": ("shipped",),
    "shipped": ("delivered", "returned"),
    "delivered": ("completed", "returned"),
    "completed": (),
    "cancelled": (),
    "returned": (),
}
STATUSES = tuple(NEXT)

# What a state of ours reads as once every live unit has left, or none ever will.
AFTER_SHIPPING: Mapping[str, str] = {
    OrderStatus.SHIPPED: "shipped",
    OrderStatus.OUT_FOR_DELIVERY: "shipped",
    OrderStatus.LOST: "shipped",
    OrderStatus.DELIVERED: "delivered",
    OrderStatus.RETURNED_TO_POINT: "returned",
    OrderStatus.RETURNED: "returned",
    OrderStatus.CANCELLED: "cancelled",
}
# Before that, as long as nothing is packed.
BEFORE_PACKING: Mapping[str, str] = {
    OrderStatus.CREATED: "pending",
    OrderStatus.PAID: "confirmed",
    OrderStatus.UNALLOCATED: "confirmed",
    OrderStatus.ALLOCATED: "allocated",
    OrderStatus.IN_FULFILLMENT: "allocated",
    OrderStatus.PACKED: "processing",
}


def order_type(ours: str) -> str:
    """`b2b`, or `b2c` for everything else."""
    return "b2b" if ours == ORDER_TYPE["b2b"] else "b2c"


def status_word(
    status: str, lines: Iterable[LineQuantities], *, is_held: bool, is_completed: bool
) -> str:
    """What an order's state reads as.

    The core's state is that of the least advanced line; the contract's tells as well whether any
    unit is packed or has left.
    """
    if is_held and status not in ENDED:
        return "on_hold"
    if status in AFTER_SHIPPING:
        closed = is_completed and status == OrderStatus.DELIVERED
        return "completed" if closed else AFTER_SHIPPING[status]
    packed = shipped = 0
    for line in lines:
        packed += line.quantity_packed
        shipped += line.quantity_shipped
    if shipped:
        return "partially_shipped"
    return "processing" if packed else BEFORE_PACKING[status]
