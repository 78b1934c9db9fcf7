"""The life of a test organization's orders in one go: routed, packed, picked up, delivered.

Every step is the service that a point or a carrier would call, so what follows from it is the same.
Labels that are there are used; one that is still to be made is not waited for.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q

from fulfillment import lifecycle, queries
from fulfillment.choices import ReportSource, Station
from fulfillment.models import Parcel
from fulfillment.services.allocation import allocate_orders
from fulfillment.services.box_drafts import BoxDraft
from fulfillment.services.stations import StationReport, report_station
from fulfillment.services.unit_packing import pack_units
from oms.accounts import sandboxes
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.kernel.errors import DomainError
from oms.orders.choices import OrderStatus
from oms.orders.models import Hold, Order, OrderQuerySet

MOST = 50  # orders per call: some seconds of work in one transaction
MOST_ROUTED = 500
TOLD = "Reported by the sandbox"
ON_HOLD, UNPAID, NOT_ALLOCATED = "on_hold", "unpaid", "not_allocated"

_WAITING = (OrderStatus.CREATED, OrderStatus.PAID, OrderStatus.UNALLOCATED)
_ALLOCATED = (OrderStatus.ALLOCATED, OrderStatus.IN_FULFILLMENT, OrderStatus.PACKED)
_UNDERWAY = (OrderStatus.SHIPPED, OrderStatus.OUT_FOR_DELIVERY)

# The next station on the road; others end there, or are on their way back.
_ON: Mapping[Station, Station] = {
    Station.SHIPPED: Station.DELIVERED,
    Station.IN_TRANSIT: Station.DELIVERED,
    Station.OUT_FOR_DELIVERY: Station.DELIVERED,
    Station.DELIVERY_FAILED: Station.DELIVERED,
}
_ON_THE_ROAD = frozenset({Station.SHIPPED, Station.DELIVERED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Unserved:
    """An order that could not go on, and why: a word, or the code of a refusal."""

    public_id: UUID
    external_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outing:
    """What one call came to, in orders and boxes. `remaining` orders are for the next call."""

    orders: int
    boxes_packed: int
    boxes_shipped: int
    boxes_delivered: int
    unserved: tuple[Unserved, ...]
    remaining: int


@retried
@transaction.atomic
def ship_everything(
    *, organization_id: int, is_delivered: bool, actor: Actor, now: datetime, limit: int = MOST
) -> Outing:
    """Bring a test organization's open orders to their buyers, or only out of the door.

    Orders that wait are routed, and then at most `limit` orders are packed and sent. One that is
    refused stays as it was, and is told with the others that cannot go on. `now` is what the
    organization's clock shows. Raises sandboxes.NotASandbox, sandboxes.SandboxIsShared, and
    contention.Busy when rivals hold the orders for too long.
    """
    sandboxes.get_sandbox(organization_id=organization_id, actor=actor)
    ours = _orders_of(organization_id)
    _route(ours, is_delivered=is_delivered, limit=limit, actor=actor, now=now)
    able = _able(ours, is_delivered=is_delivered)
    going = list(able.order_by("placed_at", "pk")[:limit])
    refused, moved = list[Unserved](), Counter[Station]()
    for order in going:
        try:
            moved += _send(order, is_delivered=is_delivered, actor=actor, now=now)
        except DomainError as refusal:
            refused.append(_unserved(order, refusal.code))
    return Outing(
        orders=len(going) - len(refused),
        boxes_packed=moved[Station.CREATED],
        boxes_shipped=moved[Station.SHIPPED],
        boxes_delivered=moved[Station.DELIVERED],
        unserved=(*refused, *_kept_back(ours, most=limit - len(refused))),
        remaining=_able(ours, is_delivered=is_delivered).count() - len(refused),
    )


def _orders_of(organization_id: int) -> OrderQuerySet:
    return Order.objects.filter(organization_id=organization_id)


def _able(ours: OrderQuerySet, *, is_delivered: bool) -> OrderQuerySet:
    """Orders of which something can go on."""
    free = Q(~_held(), is_paid=True, status__in=_ALLOCATED)
    if is_delivered:
        on_the_road = Parcel.objects.filter(queries.at_stations(_ON), task__order=OuterRef("pk"))
        free |= Q(Exists(on_the_road), status__in=_UNDERWAY)
    return ours.filter(free)


def _route(
    ours: OrderQuerySet, *, is_delivered: bool, limit: int, actor: Actor, now: datetime
) -> None:
    """Give what waits to points. Whatever this call changes is locked first, before any stock."""
    waiting = ours.filter(~_held(), is_paid=True, status__in=_WAITING)
    oldest = waiting.order_by("placed_at", "pk").values_list("pk", flat=True)
    order_ids = list(oldest[:MOST_ROUTED])
    able = _able(ours, is_delivered=is_delivered).order_by("placed_at", "pk")
    going = list(able.values_list("pk", flat=True)[:limit])
    list(Order.objects.filter(pk__in=[*order_ids, *going]).locked())
    allocate_orders(order_ids=order_ids, actor=actor, now=now)


def _kept_back(ours: OrderQuerySet, *, most: int) -> list[Unserved]:
    """Orders that somebody, a payment or their units hold back."""
    here = ours.filter(status__in=(*_WAITING, *_ALLOCATED))
    waiting = here.filter(Q(_held()) | Q(is_paid=False) | Q(status__in=_WAITING))
    found = list(waiting.order_by("placed_at", "pk")[:most])
    held = set(ours.filter(_held(), pk__in=[order.pk for order in found]))
    return [_unserved(order, _reason(order, is_held=order in held)) for order in found]


def _reason(order: Order, *, is_held: bool) -> str:
    if is_held:
        return ON_HOLD
    return NOT_ALLOCATED if order.is_paid else UNPAID


def _held() -> Exists:
    return Exists(Hold.objects.filter(order=OuterRef("pk"), released_at__isnull=True))


def _unserved(order: Order, reason: str) -> Unserved:
    return Unserved(public_id=order.public_id, external_id=order.external_id, reason=reason)


@transaction.atomic
def _send(order: Order, *, is_delivered: bool, actor: Actor, now: datetime) -> Counter[Station]:
    """Pack what is left of one order, and move its boxes on. Counts boxes by where they came."""
    came: Counter[Station] = Counter()
    while _has_unpacked(order):
        pack_units(draft=BoxDraft(order=order.public_id), actor=actor, now=now)
        came[Station.CREATED] += 1
    route = {**lifecycle.WAY_OUT, **_ON} if is_delivered else lifecycle.WAY_OUT
    boxes = queries.shipments_feed(actor=actor).live().filter(task__order=order)
    for box in boxes.order_by("pk"):
        came += _move(box, route, actor=actor, now=now)
    return came


def _has_unpacked(order: Order) -> bool:
    live = F("quantity_ordered") - F("quantity_cancelled")
    return order.lines.filter(quantity_packed__lt=live).exists()


def _move(
    box: Parcel, route: Mapping[Station, Station], *, actor: Actor, now: datetime
) -> Counter[Station]:
    told = box.milestones.exclude(milestone="").aggregate(at=Max("occurred_at"))["at"]
    at = now if told is None else max(now, told)  # a reporter's clock may be ahead of this one
    came: Counter[Station] = Counter()
    station = queries.station_of(box)
    while target := route.get(station):
        report = StationReport(
            parcel_id=box.pk,
            station=target,
            occurred_at=at,
            source=ReportSource.CARRIER if target in _ON_THE_ROAD else ReportSource.WAREHOUSE,
            description=TOLD,
        )
        station = report_station(report=report, actor=actor, now=now).station
        came[station] += 1
    return came
