"""What may happen to an order. Whatever touches tasks or parcels lives in `fulfillment`."""

from oms.orders.drafts import (
    ContactDraft,
    Intake,
    LineCancel,
    LineDraft,
    LineProgress,
    OrderDraft,
)
from oms.orders.services.buyers import erase_buyer
from oms.orders.services.holding import (
    HoldNotFound,
    hold_order,
    release_due_holds,
    release_hold,
)
from oms.orders.services.intake import BadOrderLines, place_order, place_orders
from oms.orders.services.progress import (
    lock_order,
    record_cancellation,
    record_deallocation,
    record_progress,
)
from oms.orders.services.wishes import (
    CancelRequestNotFound,
    RequestAlreadyDecided,
    close_cancel_request,
    request_cancel,
)

__all__ = [
    "BadOrderLines",
    "CancelRequestNotFound",
    "ContactDraft",
    "HoldNotFound",
    "Intake",
    "LineCancel",
    "LineDraft",
    "LineProgress",
    "OrderDraft",
    "RequestAlreadyDecided",
    "close_cancel_request",
    "erase_buyer",
    "hold_order",
    "lock_order",
    "place_order",
    "place_orders",
    "record_cancellation",
    "record_deallocation",
    "record_progress",
    "release_due_holds",
    "release_hold",
    "request_cancel",
]
