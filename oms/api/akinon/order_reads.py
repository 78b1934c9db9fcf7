"""Orders and their items as they are shown: with what a page of them needs, in a fixed number of
statements.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from channels_app.choices import RemoteKind
from channels_app.models import RemoteKey
from fulfillment.models import FulfillmentTask, TaskLine
from oms.api.akinon import filtering, package_reads, states
from oms.api.akinon.filtering import Filter, moments, whole, wholes
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.orders import contacts
from oms.orders import queries as orders
from oms.orders.drafts import ContactDraft
from oms.orders.models import Buyer, Order, OrderLine, OrderQuerySet


class OrderItemNotFound(errors.NotFound):
    """No such item of an order, or not this actor's."""

    code = "order_item_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownOrder:
    """An order loaded by `feed`, and what is known of it elsewhere.

    `document` is what the other side sent, and empty for orders of other channels and after
    erasure. It holds personal data: show what the contract names, and nothing else of it.
    """

    order: Order
    contact: ContactDraft
    omnitron_id: int | None = None
    document: Mapping[str, Any] = field(default_factory=dict, repr=False)


def feed(*, actor: Actor) -> OrderQuerySet:
    """Orders the actor may see, with all that is shown of them; in no order yet."""
    seen = _visible(actor).select_related("channel", "buyer")
    return seen.prefetch_related(Prefetch("lines", queryset=_lines()))


def items_feed(*, actor: Actor) -> "QuerySet[OrderLine]":
    """Items of orders the actor may see; in no order yet."""
    mine = _visible(actor).values("pk")
    return _lines().filter(order__in=mine).select_related("order__channel", "sku")


def get(*, number: int, actor: Actor) -> ShownOrder:
    """One order. Raises OrderNotFound, also for somebody else's."""
    found = list(feed(actor=actor).filter(number=number))
    if not found:
        raise orders.OrderNotFound("No such order")
    return shown(found)[0]


def get_item(*, number: int, actor: Actor) -> OrderLine:
    """One item. Raises OrderItemNotFound, also for somebody else's."""
    found = items_feed(actor=actor).filter(number=number).first()
    if found is None:
        raise OrderItemNotFound("No such order item")
    return found


def shown(rows: Sequence[Order]) -> list[ShownOrder]:
    """Orders of `feed` as they are shown; one more statement for all of them."""
    keys = package_reads.omnitron_ids({order.pk for order in rows})
    return [
        ShownOrder(
            order=order,
            contact=orders.contact_of(order),
            omnitron_id=keys.get(order.pk),
            document=_document(order),
        )
        for order in rows
    ]


def _visible(actor: Actor) -> OrderQuerySet:
    """A machine of a point sees the orders that have a package there, and no others."""
    seen = Order.objects.visible_to(actor)
    if actor.point_ids is None:
        return seen
    here = FulfillmentTask.objects.filter(order_id=OuterRef("pk"), point_id__in=actor.point_ids)
    return seen.filter(Exists(here))


def _lines() -> "QuerySet[OrderLine]":
    tasks = TaskLine.objects.select_related("task").order_by("pk")
    return (
        OrderLine.objects.select_related("sku")
        .prefetch_related(Prefetch("task_lines", queryset=tasks))
        .order_by("position")
    )


def _document(order: Order) -> Mapping[str, Any]:
    """What Omnitron or Seller Center sent. Other languages' bodies are none of ours."""
    buyer: Buyer | None = getattr(order, "buyer", None)
    is_theirs = order.channel.type in package_reads.THEIR_CHANNELS
    if not is_theirs or buyer is None or buyer.raw_body is None:
        return {}
    try:
        said = msgspec.json.decode(contacts.open_body(buyer.raw_body, key=order.public_id))
    except msgspec.DecodeError:
        return {}
    return said if isinstance(said, dict) else {}


def _at(values: Collection[str]) -> Q:
    return Q(status__in=[status for status, value in states.ORDER_OF.items() if value in values])


def _state(text: str) -> Q:
    state = states.by_id(whole(text))
    is_known = state is not None and state.content_type == states.ORDERS
    return _at([state.enum_value]) if state and is_known else Q(pk__in=[])


def _omnitron(keys: Iterable[int]) -> Q:
    known = RemoteKey.objects.filter(
        organization_id=OuterRef("organization_id"),
        kind=RemoteKind.ORDER,
        local_id=OuterRef("pk"),
        remote_key__in=[str(key) for key in keys],
    )
    return Q(Exists(known))


def _omnitron_item(keys: Iterable[int]) -> Q:
    return Q(
        order__channel__type__in=package_reads.THEIR_CHANNELS,
        external_id__in=[str(key) for key in keys],
    )


def _compared(path: str) -> dict[str, Filter]:
    return {
        f"id__{lookup}": filtering.of_whole(f"{path}__{lookup}")
        for lookup in ("gt", "gte", "lt", "lte")
    }


ORDERS: Mapping[str, Filter] = {
    "id": filtering.of_whole("number"),
    "id__in": filtering.of_wholes("number"),
    "pk__in": filtering.of_wholes("number"),
    **_compared("number"),
    "number": filtering.of_text("external_id"),
    "number__in": filtering.of_texts("external_id"),
    "number__startswith": filtering.of_text("external_id__startswith"),
    "omnitron_id": lambda text: _omnitron([whole(text)]),
    "omnitron_id__in": lambda text: _omnitron(wholes(text)),
    "state": _state,
    "state__enum_value": lambda text: _at([text]),
    "state__enum_value__in": lambda text: _at(filtering.texts(text)),
    "channel": filtering.of_whole("channel__number"),
    "channel__in": filtering.of_wholes("channel__number"),
    **moments("date_placed", "placed_at"),
    **moments("created_date", "received_at"),
    **moments("modified_date", "changed_at"),
}
ORDER_SORTS: Mapping[str, str] = {
    "id": "number",
    "number": "external_id",
    "date_placed": "placed_at",
    "created_date": "received_at",
    "modified_date": "changed_at",
}
ITEMS: Mapping[str, Filter] = {
    "id": filtering.of_whole("number"),
    "id__in": filtering.of_wholes("number"),
    **_compared("number"),
    "order": filtering.of_whole("order__number"),
    "order_number": filtering.of_text("order__external_id"),
    "order__number": filtering.of_text("order__external_id"),
    "omnitron_id": lambda text: _omnitron_item([whole(text)]),
    "omnitron_id__in": lambda text: _omnitron_item(wholes(text)),
    "product_sku": filtering.of_text("sku__code"),
    "product_barcode": lambda text: Q(sku__barcodes__contains=[text]),
}
ITEM_SORTS: Mapping[str, str] = {"id": "number", "order": "order__number"}
