"""Their words, our words. The only place that knows both."""

from collections.abc import Mapping

from catalog.choices import ListingStatus
from channels_app.choices import ChannelType
from fulfillment.choices import CancellationStatus, ParcelStatus, TaskMilestone, TaskStatus
from oms.orders.choices import CancelDecision, CancelParty, CancelRequestStatus, OrderStatus

ORDER_STATUS: Mapping[str, str] = {
    OrderStatus.CREATED: "CREATED",
    OrderStatus.PAID: "PAID",
    OrderStatus.UNALLOCATED: "PAID",
    OrderStatus.ALLOCATED: "PROCESSING",
    OrderStatus.IN_FULFILLMENT: "PROCESSING",
    OrderStatus.PACKED: "PACKED",
    OrderStatus.SHIPPED: "SHIPPING",
    OrderStatus.OUT_FOR_DELIVERY: "PENDING DELIVERY",
    OrderStatus.DELIVERED: "DELIVERED",
    OrderStatus.RETURNED_TO_POINT: "RETURNED TO FP",
    OrderStatus.RETURNED: "RETURNED TO FP",
    OrderStatus.LOST: "LOST",
    OrderStatus.CANCELLED: "CANCELLED",
}

PARCEL_STATUS: Mapping[str, str] = {
    ParcelStatus.PLANNED: "PACKED",
    ParcelStatus.PACKED: "PACKED",
    ParcelStatus.LABELLED: "PACKED",
    ParcelStatus.MANIFESTED: "PACKED",
    ParcelStatus.SHIPPED: "SHIPPING",
    ParcelStatus.OUT_FOR_DELIVERY: "PENDING DELIVERY",
    ParcelStatus.DELIVERED: "DELIVERED",
    ParcelStatus.RETURNED_TO_POINT: "RETURNED TO FP",
    ParcelStatus.LOST: "LOST",
    ParcelStatus.CANCELLED: "CANCELLED",
}

# Milestones a client may report; PACKED and CANCELLED are output only.
MILESTONE_IN: Mapping[str, ParcelStatus] = {
    "SHIPPING": ParcelStatus.SHIPPED,
    "DELIVERED": ParcelStatus.DELIVERED,
    "PENDING DELIVERY": ParcelStatus.OUT_FOR_DELIVERY,
    "RETURNED TO FP": ParcelStatus.RETURNED_TO_POINT,
    "LOST": ParcelStatus.LOST,
}

# A task nobody accepted yet reads CREATED or, once its point has it, RECEIVED. The contract has
# no word for what may happen after shipping except DELIVERED; its parcels tell the rest.
TASK_STATUS: Mapping[str, str] = {
    TaskStatus.CREATED: "CREATED",
    TaskStatus.OUT_OF_STOCK: "CREATED",
    TaskStatus.WAITING_REMOTE: "CREATED",
    TaskStatus.WAITING_TRANSFER: "CREATED",
    TaskStatus.NEEDS_REPLANNING: "CANCELLED",
    TaskStatus.BLOCKED: "CREATED",
    TaskStatus.ACCEPTED: "RECEIVED",
    TaskStatus.PICKING: "PROCESSING",
    TaskStatus.PICKED: "PROCESSING",
    TaskStatus.PACKED: "PACKED",
    TaskStatus.READY_FOR_PICKUP: "PACKED",
    TaskStatus.SHIPPED: "SHIPPING",
    TaskStatus.ATTEMPTED: "SHIPPING",
    TaskStatus.DELIVERY_FAILED: "SHIPPING",
    TaskStatus.RETURNED_TO_POINT: "SHIPPING",
    TaskStatus.LOST: "SHIPPING",
    TaskStatus.DELIVERED: "DELIVERED",
    TaskStatus.PACKED_FOR_REFUND: "CANCELLED",
    TaskStatus.CANCELLED: "CANCELLED",
}
UNRECEIVED, RECEIVED = "CREATED", "RECEIVED"

ACTIVITY_IN: Mapping[str, TaskMilestone] = {
    "RECEIVED": TaskMilestone.RECEIVED,
    "PICKING": TaskMilestone.PICKING,
    "PICKED": TaskMilestone.PICKED,
    "PACKING": TaskMilestone.PACKING,
    "PACKED": TaskMilestone.PACKED,
}

CANCELLATION_STATUS: Mapping[str, str] = {
    CancellationStatus.OPEN: "CREATE",
    CancellationStatus.CLOSED: "CLOSE",
}

CANCELLED_BY_IN: Mapping[str, CancelParty] = {
    "Buyer": CancelParty.CUSTOMER,
    "Upstream System": CancelParty.SYSTEM,
    "Seller": CancelParty.SELLER,
}

CANCEL_REQUEST_STATUS: Mapping[str, str] = {
    CancelRequestStatus.OPEN: "OPEN",
    CancelRequestStatus.CLOSED: "CLOSE",
}

CANCEL_DECISION: Mapping[str, str] = {
    "": "",
    CancelDecision.ACCEPT: "ACCEPT",
    CancelDecision.REJECT: "REJECT",
    CancelDecision.EXPIRE: "REJECT",  # it has no word for nobody deciding
}

LISTING_STATUS: Mapping[str, str] = {
    ListingStatus.ACTIVE: "ACTIVE",
    ListingStatus.INACTIVE: "INACTIVE",
    ListingStatus.DELETED: "DELETED",
}
LISTING_STATUS_IN: Mapping[str, ListingStatus] = {
    "ACTIVE": ListingStatus.ACTIVE,
    "INACTIVE": ListingStatus.INACTIVE,
    "DELETED": ListingStatus.DELETED,
}

DELIVERY_TYPES = ("Standard", "Economic", "Premium")

# Channels of other languages have no word here; they are shown as General.
CHANNEL_TYPE: Mapping[str, str] = {
    ChannelType.GENERAL: "General",
    ChannelType.SHOPEE: "Shopee",
    ChannelType.LAZADA: "Lazada",
    ChannelType.TIKTOK: "Tiktok",
    ChannelType.SHOPIFY: "Shopify",
    ChannelType.OMNITRON: "General",
    ChannelType.SELLER_CENTER: "General",
    ChannelType.EXTERNAL_FULFILLMENT: "General",
    ChannelType.EFS: "General",
}


def cancel_party(name: str) -> CancelParty:
    """Whose wish a name is: one of the contract's words, or a buyer's own name."""
    asked = name.strip().replace("_", " ").casefold()
    known = {word.casefold(): party for word, party in CANCELLED_BY_IN.items()}
    return known.get(asked, CancelParty.CUSTOMER)


def words(table: Mapping[str, str]) -> tuple[str, ...]:
    """The contract's words of a table, each once, in order."""
    return tuple(dict.fromkeys(table.values()))


def ours(table: Mapping[str, str], asked: list[str]) -> list[str]:
    """Every state of ours that reads as one of the words asked for."""
    return [state for state, word in table.items() if word in asked]


def task_status(status: str, *, was_received: bool) -> str:
    """What a task's state reads as."""
    word = TASK_STATUS[status]
    return RECEIVED if was_received and word == UNRECEIVED else word
