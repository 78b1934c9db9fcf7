"""What may happen to an order. Whatever touches tasks or parcels lives in `fulfillment`."""

from oms.orders.drafts import (
    CancelWish,
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
from oms.orders.services.matching import SkuStillUnknown, match_skus
from oms.orders.services.progress import (
    lock_order,
    record_cancellation,
    record_deallocation,
    record_progress,
)
from oms.orders.services.wishes import (
    CancelRequestNotFound,
    LineNotWished,
    RequestAlreadyDecided,
    close_cancel_request,
    request_cancel,
)

__all__ = [
    "BadOrderLines",
    "CancelRequestNotFound",
    "CancelWish",
    "ContactDraft",
    "HoldNotFound",
    "Intake",
    "LineCancel",
    "LineDraft",
    "LineNotWished",
    "LineProgress",
    "OrderDraft",
    "RequestAlreadyDecided",
    "SkuStillUnknown",
    "close_cancel_request",
    "erase_buyer",
    "hold_order",
    "lock_order",
    "match_skus",
    "place_order",
    "place_orders",
    "record_cancellation",
    "record_deallocation",
    "record_progress",
    "release_due_holds",
    "release_hold",
    "request_cancel",
]
