"""What may happen to an order. Whatever touches tasks or parcels lives in `fulfillment`."""

from oms.orders.addresses import Address
from oms.orders.drafts import (
    CancelWish,
    ContactDraft,
    HoldWish,
    Intake,
    LineCancel,
    LineDraft,
    LineEdit,
    LineProgress,
    OrderDraft,
    OrderEdit,
    contact_for,
)
from oms.orders.services.addressing import BuyerErased
from oms.orders.services.buyers import erase_buyer
from oms.orders.services.completing import complete_due
from oms.orders.services.customer_rules import (
    AddressNamedTwice,
    AddressUnknown,
    CustomerContactMissing,
    CustomerNameMissing,
    DefaultAddressMissing,
    DefaultAddressNotSingle,
    TaxCodeMalformed,
    TooManyAddresses,
)
from oms.orders.services.customers import (
    CustomerErased,
    CustomerNumberTaken,
    CustomersOutOfReach,
    create_customer,
    update_customer,
)
from oms.orders.services.editing import DiscountTooLarge, OrderFrozen, edit_order
from oms.orders.services.erasing import erase_customer
from oms.orders.services.holding import (
    HeldByStaff,
    HoldNotFound,
    OrderEnded,
    hold_order,
    release_due_holds,
    release_hold,
)
from oms.orders.services.intake import (
    BadOrderLines,
    OrderAlreadyPlaced,
    place_new_orders,
    place_order,
    place_orders,
)
from oms.orders.services.line_edits import LineNotInOrder
from oms.orders.services.matching import SkuStillUnknown, match_skus
from oms.orders.services.progress import (
    lock_order,
    record_allocation,
    record_cancellation,
    record_deallocation,
    record_progress,
)
from oms.orders.services.returning import record_return
from oms.orders.services.sets import BundleBroken, parts_of, whole_sets
from oms.orders.services.wishes import (
    CancelAlreadyRequested,
    CancelRequestNotFound,
    LineNotWished,
    NothingToCancel,
    RequestAlreadyDecided,
    TooManyUnits,
    close_cancel_request,
    expire_cancel_requests,
    open_cancel_request,
    request_cancel,
)

__all__ = [
    "Address",
    "AddressNamedTwice",
    "AddressUnknown",
    "BadOrderLines",
    "BundleBroken",
    "BuyerErased",
    "CancelAlreadyRequested",
    "CancelRequestNotFound",
    "CancelWish",
    "ContactDraft",
    "CustomerContactMissing",
    "CustomerErased",
    "CustomerNameMissing",
    "CustomerNumberTaken",
    "CustomersOutOfReach",
    "DefaultAddressMissing",
    "DefaultAddressNotSingle",
    "DiscountTooLarge",
    "HeldByStaff",
    "HoldNotFound",
    "HoldWish",
    "Intake",
    "LineCancel",
    "LineDraft",
    "LineEdit",
    "LineNotInOrder",
    "LineNotWished",
    "LineProgress",
    "NothingToCancel",
    "OrderAlreadyPlaced",
    "OrderDraft",
    "OrderEdit",
    "OrderEnded",
    "OrderFrozen",
    "RequestAlreadyDecided",
    "SkuStillUnknown",
    "TaxCodeMalformed",
    "TooManyAddresses",
    "TooManyUnits",
    "close_cancel_request",
    "complete_due",
    "contact_for",
    "create_customer",
    "edit_order",
    "erase_buyer",
    "erase_customer",
    "expire_cancel_requests",
    "hold_order",
    "lock_order",
    "match_skus",
    "open_cancel_request",
    "parts_of",
    "place_new_orders",
    "place_order",
    "place_orders",
    "record_allocation",
    "record_cancellation",
    "record_deallocation",
    "record_progress",
    "record_return",
    "release_due_holds",
    "release_hold",
    "request_cancel",
    "update_customer",
    "whole_sets",
]
