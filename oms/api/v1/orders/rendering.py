"""Orders and requests to cancel, as the contract shows them (4.8 and 4.11a)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from oms.api.v1.orders import mapping
from oms.api.v1.road import identifiers
from oms.api.v1.road.fields import moment, money
from oms.orders import queries
from oms.orders.choices import PaymentMethod
from oms.orders.models import CancelRequest, Order, OrderLine
from oms.orders.services import Address

Document = dict[str, Any]


def orders(rows: Sequence[Order], shipments: Mapping[int, Sequence[str]]) -> list[Document]:
    """Orders of `reads.orders`, with the ids of their shipments by key."""
    return [order(row, shipments.get(row.pk, ())) for row in rows]


def order(row: Order, shipments: Sequence[str]) -> Document:
    """One order."""
    contact = queries.contact_of(row)
    currency = row.currency
    lines = sorted(row.lines.all(), key=lambda line: line.position)
    is_cod = row.payment_method == PaymentMethod.COD
    placed_at = identifiers.moment_of(row.public_id)
    return {
        "id": id_of_order(row),
        "number": row.shown_number,
        "external_id": row.external_id,
        "channel": row.channel.code,
        "type": mapping.order_type(row.order_type),
        "status": status(row),
        "payment_status": row.payment_status.lower(),
        "payment_method": row.payment_method.lower() or None,
        "currency": currency,
        "customer_id": _customer_id(row),
        "ship_to": address(queries.ship_to_of(row, contact)),
        "bill_to": address(contact.bill_to),
        "lines": [_line(line, currency, placed_at) for line in lines],
        "shipping_fee": money(row.shipping_fee, currency),
        "order_discount": money(row.order_discount, currency),
        "subtotal": money(row.goods_total, currency),
        "total": money(row.total, currency),
        "cod_amount": money(row.total if is_cod else row.total * 0, currency),
        "location_id": _point_id(row),
        "note": row.seller_remark or None,
        "packaging_note": row.packaging_note or None,
        "requested_ship_by": moment(row.ship_by_at),
        "hold": _hold(row),
        "tags": row.tags,
        "cancellation": _cancellation(row),
        "backordered": _is_backordered(row, lines),
        "shipment_ids": list(shipments),
        "version": row.version,
        "created_at": moment(row.placed_at),
        "updated_at": moment(row.changed_at),
    }


def status(row: Order, *, ignores_holds: bool = False) -> str:
    """The contract's word for where an order of `reads.orders` is."""
    return mapping.status_word(
        row.status,
        row.lines.all(),
        is_held=not ignores_holds and any(hold.released_at is None for hold in row.holds.all()),
        is_completed=row.completed_at is not None,
    )


def line_id(line: OrderLine, placed_at: datetime) -> str:
    """A line on the wire; `placed_at` is the time of its order's id."""
    return identifiers.of_number("oli_", line.number, placed_at)


def id_of_order(row: Order) -> str:
    """The order on the wire."""
    return identifiers.of_uuid("ord_", row.public_id)


def line_keys(row: Order) -> dict[str, int]:
    """The primary keys of an order's lines by their ids on the wire."""
    placed_at = identifiers.moment_of(row.public_id)
    return {line_id(line, placed_at): line.pk for line in row.lines.all()}


def units(row: Order, by_line: Mapping[int, int]) -> list[Document]:
    """So many units of lines, by primary key."""
    return [
        {"order_line_id": text, "quantity": by_line[key]}
        for text, key in line_keys(row).items()
        if key in by_line
    ]


def address(found: Address | None) -> Document | None:
    """An address with what it was given, or None."""
    if found is None:
        return None
    return {name: value for name, value in asdict(found).items() if value is not None}


def _line(line: OrderLine, currency: str, placed_at: datetime) -> Document:
    return {
        "id": line_id(line, placed_at),
        "external_line_id": line.external_id if line.is_named else None,
        "sku": line.sku_code,
        "name": line.name,
        "quantity": line.quantity_ordered,
        "unit_price": money(line.unit_price or Decimal(0), currency),
        "discount": money(line.line_discount, currency),
        "total": money(line.total, currency),
        "quantity_allocated": line.quantity_allocated,
        "quantity_shipped": line.quantity_shipped,
        "quantity_cancelled": line.quantity_cancelled,
        "quantity_returned": line.quantity_returned,
    }


def _customer_id(row: Order) -> str | None:
    return identifiers.of_uuid("cus_", row.customer.public_id) if row.customer else None


def _point_id(row: Order) -> str | None:
    point = row.preferred_point
    return identifiers.of_uuid("loc_", point.public_id) if point else None


def _hold(row: Order) -> Document | None:
    """The newest open hold."""
    still_open = [hold for hold in row.holds.all() if hold.released_at is None]
    if not still_open or not row.is_open:
        return None
    newest = max(still_open, key=lambda hold: (hold.placed_at, hold.pk))
    return {"reason": mapping.HOLD_REASON_OUT[newest.reason], "note": newest.note or None}


def _cancellation(row: Order) -> Document | None:
    if row.cancelled_at is None:
        return None
    return {
        "reason": (row.cancel_reason or "OTHER").lower(),
        "note": row.cancel_note or None,
        "cancelled_at": moment(row.cancelled_at),
    }


def _is_backordered(row: Order, lines: Sequence[OrderLine]) -> bool:
    """Routing has tried, and some line is still without its units."""
    return row.was_tried and row.is_open and any(line.quantity_waiting > 0 for line in lines)


def cancel_request(row: CancelRequest) -> Document:
    """One request of `reads.cancel_requests`."""
    placed_at = identifiers.moment_of(row.order.public_id)
    lines = [
        {
            "order_line_id": line_id(part.line, placed_at),
            "quantity": part.quantity or part.line.quantity_ordered,
        }
        for part in row.lines.all()
    ]
    return {
        "id": identifiers.of_uuid("crq_", row.public_id),
        "order_id": id_of_order(row.order),
        "requested_by": row.requested_by,
        "reason": row.reason,
        "lines": lines or None,
        "status": mapping.REQUEST_STATUS[row.decision],
        "decided_by": row.decided_by or None,
        "decided_at": moment(row.decided_at),
        "created_at": moment(row.requested_at),
    }
