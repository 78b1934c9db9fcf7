"""Reads of orders. What an actor may not see does not exist."""

from collections.abc import Iterable

from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.orders import contacts
from oms.orders.drafts import ContactDraft
from oms.orders.models import Buyer, Order, OrderQuerySet


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


def contact_of(order: Order) -> ContactDraft:
    """The buyer's data, opened. Empty after erasure. Raises crypto.SealBroken."""
    buyer: Buyer | None = getattr(order, "buyer", None)
    if buyer is None or buyer.contact is None:
        return ContactDraft(has_delivery=False)
    return ContactDraft(**contacts.open_contact(buyer.contact, key=order.public_id))


def contacts_of(orders: Iterable[Order]) -> dict[int, ContactDraft]:
    """The same for many orders that were loaded with their buyers, by order id."""
    return {order.pk: contact_of(order) for order in orders}
