"""The message types, and the events they tell of. One event is one message, or none."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from oms.api.v1.news import former
from oms.api.v1.news.former import Former
from oms.events.choices import EventType as T
from oms.events.formats import UnknownWord
from oms.events.models import Event


class About(StrEnum):
    """What the object of a message is."""

    ORDER = "order"
    CANCELLATION_REQUEST = "cancellation_request"
    SHIPMENT = "shipment"
    LEVEL = "inventory_level"
    CUSTOMER = "customer"
    RETURN = "return"
    ENDPOINT = "webhook_endpoint"


@dataclass(frozen=True, slots=True)
class Word:
    """A message type. `former` is what the object was before, as far as the event says."""

    name: str
    about: About
    former: Callable[[Event], Former] = former.unknown


_ORDER_CREATED = Word("order.created", About.ORDER)
_ORDER_UPDATED = Word("order.updated", About.ORDER)
_ORDER_MOVED = Word("order.status_changed", About.ORDER, former.status_of_order)
_SHIPMENT_MOVED = Word("shipment.status_changed", About.SHIPMENT, former.status_of_shipment)
_RETURN_MOVED = Word("return.status_changed", About.RETURN)

WORDS: Mapping[T, Word] = {
    T.ORDER_PLACED: _ORDER_CREATED,
    T.ORDER_UPDATED: _ORDER_UPDATED,
    T.ORDER_EDITED: _ORDER_UPDATED,
    T.ORDER_SKUS_MATCHED: _ORDER_UPDATED,
    T.ORDER_LINES_CANCELLED: _ORDER_UPDATED,
    T.ORDER_BUYER_ERASED: Word("order.buyer_erased", About.ORDER),
    T.ORDER_CANCELLED: Word("order.cancelled", About.ORDER, former.status_of_order),
    T.ORDER_PAID: _ORDER_MOVED,
    T.ORDER_UNALLOCATED: _ORDER_MOVED,
    T.ORDER_ALLOCATED: _ORDER_MOVED,
    T.ORDER_IN_FULFILLMENT: _ORDER_MOVED,
    T.ORDER_PARTLY_PACKED: Word("order.status_changed", About.ORDER, former.unpacked),
    T.ORDER_PARTLY_SHIPPED: Word("order.status_changed", About.ORDER, former.packed),
    T.ORDER_PACKED: _ORDER_MOVED,
    T.ORDER_SHIPPED: _ORDER_MOVED,
    T.ORDER_OUT_FOR_DELIVERY: _ORDER_MOVED,
    T.ORDER_DELIVERED: _ORDER_MOVED,
    T.ORDER_RETURNED_TO_POINT: _ORDER_MOVED,
    T.ORDER_RETURNED: _ORDER_MOVED,
    T.ORDER_LOST: _ORDER_MOVED,
    T.ORDER_REOPENED: _ORDER_MOVED,
    T.ORDER_COMPLETED: Word("order.status_changed", About.ORDER, former.delivered),
    T.ORDER_HELD: Word("order.status_changed", About.ORDER, former.unheld),
    T.ORDER_RELEASED: Word("order.status_changed", About.ORDER, former.held),
    T.ORDER_CANCEL_REQUESTED: Word("cancellation_request.created", About.CANCELLATION_REQUEST),
    T.ORDER_CANCEL_DECIDED: Word(
        "cancellation_request.decided", About.CANCELLATION_REQUEST, former.open_request
    ),
    T.PARCEL_PACKED: Word("shipment.created", About.SHIPMENT),
    T.PARCEL_EDITED: Word("shipment.updated", About.SHIPMENT),
    T.PARCEL_LABELLED: Word("shipment.status_changed", About.SHIPMENT, former.unlabelled),
    T.PARCEL_STATUS_CHANGED: _SHIPMENT_MOVED,
    T.PARCEL_VOIDED: Word("shipment.cancelled", About.SHIPMENT),
    T.LABEL_READY: Word("shipment.label_ready", About.SHIPMENT),
    T.LABEL_UPDATED: Word("shipment.label_ready", About.SHIPMENT),
    T.LABEL_FAILED: Word("shipment.label_failed", About.SHIPMENT),
    T.LEVEL_CHANGED: Word("inventory.level_changed", About.LEVEL),
    T.CUSTOMER_CREATED: Word("customer.created", About.CUSTOMER),
    T.CUSTOMER_UPDATED: Word("customer.updated", About.CUSTOMER),
    T.CUSTOMER_ERASED: Word("customer.erased", About.CUSTOMER),
    T.RETURN_EXPECTED: Word("return.created", About.RETURN),
    T.RETURN_EDITED: Word("return.updated", About.RETURN),
    T.RETURN_RECEIVED: _RETURN_MOVED,
    T.RETURN_INSPECTED: _RETURN_MOVED,
    T.RETURN_CLOSED: _RETURN_MOVED,
    T.RETURN_CANCELLED: Word("return.cancelled", About.RETURN),
    T.RETURN_REFUND_DECIDED: Word("return.refund_decided", About.RETURN),
    T.ENDPOINT_STATE_CHANGED: Word("webhook_endpoint.status_changed", About.ENDPOINT),
    T.ENDPOINT_WARNED: Word("webhook_endpoint.failing", About.ENDPOINT),
}

SILENT: frozenset[T] = frozenset(
    {
        # Tasks and what points are told to drop: shipments and orders tell what came of them.
        *(each for each in T if each.value.startswith(("task.", "cancellation."))),
        # A planned parcel is no shipment yet; its label is asked for with it.
        T.PARCEL_PLANNED,
        T.LABEL_REQUESTED,
        # A box on a manifest is as ready to ship as before.
        T.PARCEL_MANIFESTED,
        *(each for each in T if each.value.startswith(("picklist.", "manifest.", "handover."))),
        # Invoices are no resource of this API.
        T.INVOICE_ISSUED,
        T.INVOICE_CORRECTED,
        T.LABEL_VOIDED,
        # How an order was divided is seen in its shipments.
        T.ORDER_SPLIT,
        # Goods between points, and points themselves, are no resources of the news.
        *(each for each in T if each.value.startswith(("transfer.", "point."))),
        # What was published by hand is for the one hook it names.
        T.NEWS_PUBLISHED,
        # Levels are told one by one.
        T.STOCK_COUNTED,
        T.STOCK_ADJUSTED,
        # Listings are no resource of this API.
        T.STOCK_CHANGED,
        T.PRICE_CHANGED,
        T.SPU_STATUS_CHANGED,
        T.SPU_REQUESTED,
        # Done by somebody who knows, through this API or in the back office.
        T.ENDPOINT_REGISTERED,
        T.ENDPOINT_CHANGED,
        T.ENDPOINT_REMOVED,
        T.ENDPOINT_REPLAYED,
        T.ENDPOINT_SECRET_ROTATED,
    }
)

NAMES = tuple(dict.fromkeys(word.name for word in WORDS.values()))
PATTERNS = ("*", *dict.fromkeys(f"{name.partition('.')[0]}.*" for name in NAMES), *NAMES)
"""Every pattern that stands for anything."""
_ASKED_FOR = "webhook_endpoint."  # only by name, never by `*`


def types_of(patterns: Iterable[str]) -> frozenset[str]:
    """The event types that patterns stand for: whole names, `order.*`, `*`; none is `*`.

    `*` leaves out `webhook_endpoint.*`: who watches over endpoints asks for it. Raises UnknownWord.
    """
    found: set[str] = set()
    for pattern in list(patterns) or ["*"]:
        matching = {str(type_) for type_, word in WORDS.items() if _matches(pattern, word.name)}
        if not matching:
            raise UnknownWord(f"`{pattern}` is no event type and matches none")
        found |= matching
    return frozenset(found)


def name_of(event_type: str) -> str | None:
    """What an event type is called here; None when nothing is told of it."""
    word = WORDS.get(T(event_type))
    return None if word is None else word.name


def _matches(pattern: str, name: str) -> bool:
    if pattern == "*":
        return not name.startswith(_ASKED_FOR)
    if pattern.endswith(".*"):
        return name.startswith(pattern[:-1])
    return pattern == name
