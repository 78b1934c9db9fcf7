"""Reads of orders. What an actor may not see does not exist."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BigIntegerField, Q, Value

from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.orders import contacts, customer_data, index_searches
from oms.orders.addresses import Address
from oms.orders.drafts import ContactDraft
from oms.orders.models import Buyer, Customer, CustomerQuerySet, Order, OrderQuerySet


class OrderNotFound(errors.NotFound):
    """No such order, or not this actor's."""

    code = "order_not_found"


def orders_feed(*, actor: Actor) -> OrderQuerySet:
    """Orders the actor may see, oldest first, with lines and buyer ready to serialise."""
    return (
        Order.objects.visible_to(actor)
        .select_related("channel", "buyer")
        .prefetch_related("lines")
        .order_by("placed_at", "id")
    )


def get_order(*, actor: Actor, channel_id: int, external_id: str) -> Order:
    """One order by its channel's number. Another's order is not found, never forbidden."""
    seen = Order.objects.visible_to(actor)
    try:
        return seen.get(channel_id=channel_id, external_id=external_id)
    except Order.DoesNotExist as exc:
        raise OrderNotFound("No such order") from exc


def order_by_number(*, actor: Actor, number: int) -> Order:
    """One order by our own number, with everything that is shown of it. Raises OrderNotFound."""
    seen = Order.objects.visible_to(actor).select_related("channel", "preferred_point", "buyer")
    found = seen.prefetch_related("holds", "lines").filter(number=number).first()
    if found is None:
        raise OrderNotFound("No such order")
    return found


def body_of(*, actor: Actor, number: int) -> bytes | None:
    """What the channel sent for an order, to the byte; None after erasure. Raises OrderNotFound."""
    order = order_by_number(actor=actor, number=number)
    buyer: Buyer | None = getattr(order, "buyer", None)
    if buyer is None or buyer.raw_body is None:
        return None
    return contacts.open_body(buyer.raw_body, key=order.public_id)


def contact_of(order: Order) -> ContactDraft:
    """The buyer's data, opened. Empty after erasure. Raises crypto.SealBroken."""
    buyer: Buyer | None = getattr(order, "buyer", None)
    if buyer is None or buyer.contact is None:
        return ContactDraft(has_delivery=False)
    return ContactDraft(**contacts.open_contact(buyer.contact, key=order.public_id))


def ship_to_of(order: Order, contact: ContactDraft) -> Address | None:
    """Where an order goes, in full words, also when its channel told them in others."""
    if contact.ship_to is not None or not contact.has_delivery:
        return contact.ship_to
    return Address(
        full_name=contact.name or contact.customer_name or "",
        phone=contact.phone or contact.customer_phone,
        email=contact.email,
        line1=contact.address or "",
        district=contact.district or (contact.city if contact.state else None),
        province=contact.state or contact.city,
        postal_code=contact.postcode,
        country=order.country,
    )


def contacts_of(orders: Iterable[Order]) -> dict[int, ContactDraft]:
    """The same for many orders that were loaded with their buyers, by order id."""
    return {order.pk: contact_of(order) for order in orders}


class CustomerNotFound(errors.NotFound):
    """No such customer, or not this actor's."""

    code = "customer_not_found"


def customer_by_public_id(*, public_id: uuid.UUID, actor: Actor) -> Customer:
    """One customer the actor may see, also one whose data was erased. Raises CustomerNotFound."""
    try:
        return Customer.objects.visible_to(actor).get(public_id=public_id)
    except Customer.DoesNotExist as exc:
        raise CustomerNotFound("No such customer") from exc


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerSearch:
    """What customers are looked for by; None does not matter. All must fit."""

    external_id: str | None = None
    phone: str | None = None
    email: str | None = None
    name_prefix: str | None = None
    status: str | None = None
    changed_from: datetime | None = None
    changed_to: datetime | None = None


def names_begin_with(prefix: str, *, organization_ids: Iterable[int]) -> Q:
    """Customers of these organizations whose name begins so."""
    return _have_one_of([customer_data.prefix_key(pk, prefix) for pk in organization_ids])


def _have_one_of(keys: list[int]) -> Q:
    # Said to be bigints: Django sends plain numbers in an array as integers, cut to size.
    fits = Q(name_keys__overlap=[Value(key, output_field=BigIntegerField()) for key in keys])
    return fits & ~Q(name_keys=[])  # the index has these only


def customers_feed(
    *, organization_id: int, actor: Actor, search: CustomerSearch
) -> CustomerQuerySet:
    """The organization's own customers that fit, erased ones included, with their addresses.

    Phone and e-mail are found whole, a name by its beginning, through their keyed hashes. Times
    are of the last change; the first is within, the second is not.
    """
    found: dict[str, object] = {
        "external_id": search.external_id,
        "phone_hash": contacts.phone_hash(search.phone),
        "email_hash": contacts.email_hash(search.email),
        "status": search.status,
        "changed_at__gte": search.changed_from,
        "changed_at__lt": search.changed_to,
    }
    named = Q()
    if search.name_prefix is not None:
        key = customer_data.prefix_key(organization_id, search.name_prefix)
        few = index_searches.named([key], organization_id=organization_id)
        named = few & _have_one_of([key])
    kept = Customer.objects.visible_to(actor).own().filter(organization_id=organization_id)
    fitting = kept.filter(
        named, **{name: value for name, value in found.items() if value is not None}
    )
    return fitting.prefetch_related("addresses")
