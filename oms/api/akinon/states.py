"""The states of this language, and which of ours are meant by them (contract 3.5, 6.1, 9.13, 11.2).

A state is a row with an id that never changes; clients look at its class and value. Values of
packages and orders are digits as text, those of transfers words.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from fulfillment.choices import TaskStatus as T
from fulfillment.choices import TransferStatus as R
from fulfillment.services.commands.states import STATE_OF, TRANSFER_STATE_OF
from oms.orders.choices import OrderStatus as S

PACKAGE = "PackageStatus"
PACKAGE_ITEM = "PackageItemStatus"
ORDER = "OrderStatus"
TRANSFER = "TransferStatus"

# Kinds of objects, as `content_type` tells them apart.
ORDERS, ORDER_ITEMS, PACKAGES, TRANSFERS, PACKAGE_ITEMS = 2, 3, 26, 27, 28

CANCELLATION_WAITING = "800"
CANCELLED = "900"
PACKED_FOR_REFUND = "1100"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One state of one kind of object. `slug` is its word in names of events."""

    id: int
    enum_class: str
    enum_value: str
    name: str
    slug: str
    content_type: int


_PACKAGE_STATES: tuple[tuple[str, str, str], ...] = (
    ("100", "Waiting", "waiting"),
    ("150", "Waiting Remote Action", "waiting_remote_action"),
    ("200", "Preparing", "preparing"),
    ("300", "Waiting Transfer", "waiting_transfer"),
    ("400", "Ready for Packaging", "ready_for_packaging"),
    ("500", "Packed", "packed"),
    ("520", "Ready for Pickup", "ready_for_pickup"),
    ("600", "Shipped", "shipped"),
    ("640", "Attempted Delivery", "attempted_delivery"),
    ("650", "Delivered", "delivered"),
    ("660", "Delivery Failed", "delivery_failed"),
    (CANCELLATION_WAITING, "Cancellation Waiting", "cancellation_waiting"),
    (CANCELLED, "Cancelled", "cancelled"),
    ("910", "Needs Rescheduling", "needs_rescheduling"),
    ("920", "Out of Stock", "out_of_stock"),
    ("1000", "Blocked", "blocked"),
    (PACKED_FOR_REFUND, "Packed for Refund", "packed_for_refund"),
)
_ORDER_STATES: tuple[tuple[str, str, str], ...] = (
    ("50", "Cancellation Waiting", "cancellation_waiting"),
    ("100", "Cancelled", "canceled"),
    ("200", "Waiting", "waiting"),
    ("300", "Payment Waiting", "payment_waiting"),
    ("350", "Confirmation Waiting", "confirmation_waiting"),
    ("400", "Approved", "approved"),
    ("450", "Preparing", "preparing"),
    ("500", "Shipped", "shipped"),
    ("510", "Shipped and Informed", "shipped_and_informed"),
    ("520", "Ready for Pickup", "ready_for_pickup"),
    ("540", "Attempted Delivery", "attempted_delivery"),
    ("544", "Review Started", "review_started"),
    ("545", "Review Waiting", "review_waiting"),
    ("550", "Delivered", "delivered"),
    ("600", "Refunded", "refunded"),
)
_INACTIVE = ("425", "Inactive", "inactive")
_TRANSFER_STATES: tuple[tuple[str, str, str], ...] = (
    ("waiting", "Waiting for transfer", "created"),
    ("ready_to_shipment", "Ready for Shipment", "ready_to_shipment"),
    ("in_transit", "In Transit", "in_transit"),
    ("transferred", "Transfer Complete", "transferred"),
    ("cancelled", "Cancelled", "cancelled"),
)


def _table(
    rows: Iterable[tuple[str, str, str]], *, enum_class: str, content_type: int, first_id: int
) -> Mapping[str, State]:
    return MappingProxyType(
        {
            value: State(
                id=number,
                enum_class=enum_class,
                enum_value=value,
                name=name,
                slug=slug,
                content_type=content_type,
            )
            for number, (value, name, slug) in enumerate(rows, first_id)
        }
    )


PACKAGE_STATES = _table(_PACKAGE_STATES, enum_class=PACKAGE, content_type=PACKAGES, first_id=41)
ITEM_STATES = _table(
    _PACKAGE_STATES, enum_class=PACKAGE_ITEM, content_type=PACKAGE_ITEMS, first_id=71
)
ORDER_STATES = _table(_ORDER_STATES, enum_class=ORDER, content_type=ORDERS, first_id=15)
ORDER_ITEM_STATES = _table(
    (*_ORDER_STATES, _INACTIVE), enum_class=ORDER, content_type=ORDER_ITEMS, first_id=101
)
TRANSFER_STATES = _table(_TRANSFER_STATES, enum_class=TRANSFER, content_type=TRANSFERS, first_id=63)
EVERY: tuple[State, ...] = tuple(
    state
    for table in (ORDER_STATES, PACKAGE_STATES, TRANSFER_STATES, ITEM_STATES, ORDER_ITEM_STATES)
    for state in table.values()
)

PACKAGE_OF_TASK: Mapping[T, str] = STATE_OF
ORDER_OF: Mapping[S, str] = MappingProxyType(
    {
        S.CREATED: "300",
        S.PAID: "400",
        S.UNALLOCATED: "400",
        S.ALLOCATED: "400",
        S.IN_FULFILLMENT: "400",
        S.PACKED: "450",
        S.SHIPPED: "500",
        S.OUT_FOR_DELIVERY: "500",
        S.DELIVERED: "550",
        S.RETURNED_TO_POINT: "540",
        S.RETURNED: "600",
        S.LOST: "540",
        S.CANCELLED: "100",
    }
)
TRANSFER_OF: Mapping[R, str] = TRANSFER_STATE_OF
# What a wish to cancel does not stop any more: gone, ended, or given up already.
PAST_CANCELLING = frozenset(
    {
        T.SHIPPED,
        T.ATTEMPTED,
        T.DELIVERED,
        T.DELIVERY_FAILED,
        T.RETURNED_TO_POINT,
        T.LOST,
        T.CANCELLED,
        T.PACKED_FOR_REFUND,
    }
)


def package_state(status: str, *, is_cancel_wished: bool = False) -> State:
    """The state of a package, given its task's, and whether an open wish names one of its lines."""
    if is_cancel_wished and status not in PAST_CANCELLING:
        return PACKAGE_STATES[CANCELLATION_WAITING]
    return PACKAGE_STATES[PACKAGE_OF_TASK[T(status)]]


def item_state(package: State, *, is_live: bool = True) -> State:
    """The state of a package's item: that of its package, unless its units were all taken away.

    Those of a package that was set aside for a refund all were.
    """
    is_here = is_live or package.enum_value == PACKED_FOR_REFUND
    return ITEM_STATES[package.enum_value if is_here else CANCELLED]


def order_state(value: str) -> State:
    """The state of an order by its number, also one that no table has."""
    return _known(ORDER_STATES, value, kind=ORDERS)


def order_item_state(value: str) -> State:
    """The same of an order item, which may be inactive besides."""
    return _known(ORDER_ITEM_STATES, value, kind=ORDER_ITEMS)


def transfer_state(status: str) -> State:
    """The state of a transfer order, given ours."""
    return TRANSFER_STATES[TRANSFER_OF[R(status)]]


def tasks_at(values: Collection[str]) -> frozenset[T]:
    """The states of ours that are one of these states of a package."""
    return frozenset(status for status, value in PACKAGE_OF_TASK.items() if value in values)


def named(word: str) -> State | None:
    """A package's state by its slug."""
    return next((state for state in PACKAGE_STATES.values() if state.slug == word), None)


def by_id(number: int) -> State | None:
    return next((state for state in EVERY if state.id == number), None)


def _known(table: Mapping[str, State], value: str, *, kind: int) -> State:
    if value in table:
        return table[value]
    some = table["400"]
    number = kind * 100_000 + int(value)
    return replace(some, id=number, enum_value=value, name=value, slug=value)
