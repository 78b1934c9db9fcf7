"""Reads of orders and requests to cancel, with all that is shown of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from catalog.models import Bundle, Sku
from fulfillment.models import Parcel
from oms.accounts.queries import MachineIdentity
from oms.api.v1.orders import mapping
from oms.api.v1.road import identifiers
from oms.kernel.actors import Actor
from oms.orders.choices import OrderStatus
from oms.orders.index_searches import tagged
from oms.orders.lifecycle import ENDED
from oms.orders.models import CancelRequest, Hold, Order, OrderLine, OrderQuerySet
from oms.orders.queries import CustomerNotFound, OrderNotFound, customer_by_public_id
from oms.orders.services import CancelRequestNotFound

OrderRow = Order  # for views, which name no models

_HELD = Exists(Hold.objects.filter(order=OuterRef("pk"), released_at__isnull=True))
_PACKED = Exists(OrderLine.objects.filter(order=OuterRef("pk"), quantity_packed__gt=0))
_LEFT = Exists(OrderLine.objects.filter(order=OuterRef("pk"), quantity_shipped__gt=0))


def orders(actor: Actor) -> OrderQuerySet:
    """Orders the actor may see, with everything an answer shows but their shipments."""
    return (
        Order.objects.visible_to(actor)
        .select_related("channel", "buyer", "customer", "preferred_point")
        .prefetch_related("lines", "holds")
    )


def order(text: str, actor: Actor) -> Order:
    """One order by its id on the wire. Raises OrderNotFound."""
    key = identifiers.uuid_of("ord_", text)
    found = None if key is None else orders(actor).filter(public_id=key).first()
    if found is None:
        raise OrderNotFound("No such order")
    return found


def shipments(rows: Sequence[Order]) -> dict[int, list[str]]:
    """The ids of the orders' shipments, oldest first, by order."""
    found: dict[int, list[str]] = {}
    made = Parcel.objects.packed().filter(task__order__in=[row.pk for row in rows])
    parcels = made.order_by("pk")
    for order_id, number, at in parcels.values_list("task__order_id", "number", "created_at"):
        found.setdefault(order_id, []).append(identifiers.of_number("shp_", number, at))
    return found


def cancel_requests(actor: Actor) -> QuerySet[CancelRequest]:
    """Requests about orders the actor may see, with what is shown of them."""
    return CancelRequest.objects.filter(order__in=Order.objects.visible_to(actor)).prefetch_related(
        "lines__line", "order"
    )


def cancel_request(text: str, actor: Actor) -> CancelRequest:
    """One request by its id on the wire. Raises CancelRequestNotFound."""
    key = identifiers.uuid_of("crq_", text)
    found = None if key is None else cancel_requests(actor).filter(public_id=key).first()
    if found is None:
        raise CancelRequestNotFound("No such cancellation request")
    return found


def filtered(
    rows: OrderQuerySet, asked: Mapping[str, Any], machine: MachineIdentity
) -> OrderQuerySet:
    """Leave the orders that fit every filter of the contract."""
    plain = {
        "external_id": "external_id",
        "created_at_from": "placed_at__gte",
        "created_at_to": "placed_at__lt",
        "updated_at_from": "changed_at__gte",
        "updated_at_to": "changed_at__lt",
    }
    rows = rows.filter(**{path: asked[name] for name, path in plain.items() if name in asked})
    if "channel" in asked:
        rows = rows.filter(channel__code__iexact=asked["channel"])
    if "payment_status" in asked:
        rows = rows.filter(payment_status=mapping.PAYMENT_STATUS[asked["payment_status"]])
    if "tag" in asked:
        few = tagged(asked["tag"], organization_id=machine.organization_id)
        rows = rows.filter(few, ~Q(tags=[]), tags__contains=[asked["tag"]])
    if "sku" in asked:
        rows = _with_sku(rows, asked["sku"], machine.organization_id)
    if "customer_id" in asked:
        rows = _of_customer(rows, asked["customer_id"], machine.actor)
    if "status" in asked:
        rows = rows.filter(_any_of(asked["status"]))
    return rows


def _with_sku(rows: OrderQuerySet, code: str, organization_id: int) -> OrderQuerySet:
    """By the key, which lines are indexed by, of the SKU, also as part of a bundle, or bundle."""
    mine = OrderLine.every.filter(order=OuterRef("pk"))
    found = Sku.objects.filter(organization_id=organization_id, code=code)
    if keys := list(found.values_list("pk", flat=True)):
        return rows.filter(Exists(mine.filter(sku_id__in=keys)))
    bundles = Bundle.objects.filter(organization_id=organization_id, code=code)
    keys = list(bundles.values_list("pk", flat=True))
    return rows.filter(Exists(mine.filter(bundle_id__in=keys)))


def _of_customer(rows: OrderQuerySet, text: str, actor: Actor) -> OrderQuerySet:
    key = identifiers.uuid_of("cus_", text)
    try:
        if key is not None:
            return rows.filter(customer=customer_by_public_id(public_id=key, actor=actor))
    except CustomerNotFound:
        pass  # a filter that nothing fits
    return rows.none()


def _any_of(words: Sequence[str]) -> Q:
    """Orders whose state reads as one of these words; see `mapping.status_word`."""
    wanted = Q(pk__in=[])
    for word in words:
        wanted |= _reads_as(word)
    return wanted


def _reads_as(word: str) -> Q:
    if word == "on_hold":
        return Q(_HELD) & ~Q(status__in=ENDED)
    free = Q(status__in=ENDED) | ~Q(_HELD)
    if word == "completed":
        return Q(status=OrderStatus.DELIVERED, completed_at__isnull=False)
    after = [ours for ours, said in mapping.AFTER_SHIPPING.items() if said == word]
    if after:
        is_open = Q(completed_at__isnull=True) if word == "delivered" else Q()
        return Q(status__in=after) & is_open & free
    return _before_shipping(word) & free


def _before_shipping(word: str) -> Q:
    early = ~Q(status__in=list(mapping.AFTER_SHIPPING))
    if word == "partially_shipped":
        return early & Q(_LEFT)
    if word == "processing":
        return early & Q(_PACKED) & ~Q(_LEFT)
    ours = [status for status, said in mapping.BEFORE_PACKING.items() if said == word]
    return Q(status__in=ours) & ~Q(_PACKED) & ~Q(_LEFT)
