"""Customers as the wire has them. Opens seals: what comes out of here is personal data."""

from collections.abc import Sequence
from typing import Any

import msgspec

from oms.api.v1.customers import mapping
from oms.api.v1.road import identifiers
from oms.api.v1.road.fields import moment
from oms.orders.customer_data import AddressDraft, addresses_of, personal_of
from oms.orders.exports import CustomerExport, OrderExport
from oms.orders.models import Customer

Document = dict[str, Any]


def customer_id(row: Customer) -> str:
    """`cus_` and its public id."""
    return identifiers.of_uuid("cus_", row.public_id)


def customers(rows: Sequence[Customer]) -> list[Document]:
    """Customers that were loaded with their addresses."""
    return [customer(row) for row in rows]


def customer(row: Customer) -> Document:
    """One customer."""
    personal = personal_of(row)
    return {
        "id": customer_id(row),
        "external_id": row.external_id,
        "type": mapping.TYPE_WORDS[row.type],
        "full_name": personal.full_name,
        "phone": personal.phone,
        "email": personal.email,
        "tax_code": personal.tax_code,
        "addresses": [_address(each) for each in addresses_of(row.addresses.all())],
        "tags": row.tags,
        "note": personal.note,
        "status": mapping.STATUS_WORDS[row.status],
        "erased_at": moment(row.erased_at),
        "version": row.version,
        "created_at": moment(row.created_at),
        "updated_at": moment(row.changed_at),
    }


def _address(known: AddressDraft) -> Document:
    told = {name: getattr(known.address, name) for name in mapping.ADDRESS}
    key = known.public_id
    return {
        "id": identifiers.of_uuid("adr_", key) if key else "",
        "label": known.label,
        "is_default": bool(known.is_default),
        **{name: value for name, value in told.items() if value is not None},
    }


def personal_data(export: CustomerExport) -> Document:
    """The export of a person's data."""
    return {
        "customer": customer(export.customer),
        "orders": [_order(each) for each in export.orders],
        "sections": dict(export.sections),
    }


def _order(held: OrderExport) -> Document:
    order = held.order
    contact = msgspec.to_builtins(held.contact)
    return {
        "id": identifiers.of_uuid("ord_", order.public_id),
        "external_id": order.external_id,
        "channel": order.channel.code,
        "placed_at": moment(order.placed_at),
        "lines": [
            {"sku": line.sku_code, "name": line.name, "quantity": line.quantity_ordered}
            for line in order.lines.all()
        ],
        "contact": {name: value for name, value in contact.items() if value is not None},
        "remark": order.customer_remark or None,
        "received": held.received,
    }
