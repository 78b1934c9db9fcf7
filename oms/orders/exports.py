"""Everything held about one customer, for the customer. Apps above add what they keep.

Whoever holds data about the buyer of an order registers a section from its AppConfig; the export
then has it under that name. What is read is logged by number, never by content.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from oms.kernel.actors import Actor
from oms.orders import contacts, customer_data
from oms.orders.customer_data import AddressDraft, PersonalData
from oms.orders.drafts import ContactDraft
from oms.orders.models import Customer, Order
from oms.orders.queries import contact_of, customer_by_public_id

logger = logging.getLogger(__name__)
Section = Callable[[Sequence[Order]], list[dict[str, Any]]]
_sections: dict[str, Section] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderExport:
    """One order, with what is held about its buyer. `received` is what its channel sent."""

    order: Order
    contact: ContactDraft
    received: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerExport:
    """What there is about a customer. `sections` are lists of plain objects, by their names."""

    customer: Customer
    personal: PersonalData
    addresses: tuple[AddressDraft, ...]
    orders: tuple[OrderExport, ...]
    sections: Mapping[str, list[dict[str, Any]]]


def register(name: str, section: Section) -> None:
    """Add what an app above keeps about the buyers of orders. Called once, from its AppConfig."""
    _sections[name] = section


def export_customer(*, public_id: UUID, actor: Actor) -> CustomerExport:
    """Everything held about a customer, opened. After erasure nothing is left to export.

    Guests' orders are not searched by phone or e-mail: people share both. Raises CustomerNotFound
    and crypto.SealBroken.
    """
    customer = customer_by_public_id(public_id=public_id, actor=actor)
    kept = Order.objects.filter(customer=customer).select_related("channel", "buyer")
    orders = list(kept.prefetch_related("lines").order_by("placed_at", "pk"))
    logger.info("personal data of customer %s was exported by %s", customer.public_id, actor)
    return CustomerExport(
        customer=customer,
        personal=customer_data.personal_of(customer),
        addresses=customer_data.addresses_of(customer.addresses.all()),
        orders=tuple(_order_export(order) for order in orders),
        sections={name: section(orders) for name, section in sorted(_sections.items())},
    )


def _order_export(order: Order) -> OrderExport:
    buyer = getattr(order, "buyer", None)
    body = buyer.raw_body if buyer is not None else None
    text = contacts.open_body(body, key=order.public_id).decode(errors="replace") if body else None
    return OrderExport(order=order, contact=contact_of(order), received=text)


def document_of(export: CustomerExport) -> dict[str, Any]:
    """An export as plain values, in our own words, for a file."""
    customer = export.customer
    return {
        "customer": {
            "id": str(customer.public_id),
            "number": customer.external_id,
            "type": customer.type,
            "status": customer.status,
            "tags": customer.tags,
            **_told(export.personal),
            "addresses": [
                {"label": each.label, "is_default": each.is_default, **_told(each.address)}
                for each in export.addresses
            ],
        },
        "orders": [_order_document(each) for each in export.orders],
        **export.sections,
    }


def _order_document(held: OrderExport) -> dict[str, Any]:
    order = held.order
    lines = [
        {"sku": line.sku_code, "name": line.name, "quantity": line.quantity_ordered}
        for line in order.lines.all()
    ]
    return {
        "number": order.external_id,
        "channel": order.channel.code,
        "placed_at": order.placed_at.isoformat(),
        "lines": lines,
        "contact": _told(held.contact),
        "remark": order.customer_remark,
        "received": held.received,
    }


def _told(data: object) -> dict[str, Any]:
    """The members of a record that say something."""
    members: dict[str, Any] = msgspec.to_builtins(data)
    return {name: value for name, value in members.items() if value is not None}
