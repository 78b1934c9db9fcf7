"""Returns as the API shows them."""

from collections.abc import Sequence
from typing import Any

from oms.api.v1.returns.mapping import word
from oms.api.v1.road import identifiers
from oms.api.v1.road.fields import moment
from oms.orders import bundles
from returns.models import ReturnOrder, ReturnUnit

Shown = dict[str, Any]


def return_id(row: ReturnOrder) -> str:
    """`ret_...`"""
    return identifiers.of_uuid("ret_", row.public_id)


def returns(rows: Sequence[ReturnOrder]) -> list[Shown]:
    """Rows of `queries.returns_feed`."""
    return [return_order(row) for row in rows]


def return_order(row: ReturnOrder) -> Shown:
    """One row of `queries.returns_feed`."""
    order = row.order
    return {
        "id": return_id(row),
        "number": row.number,
        "external_id": row.external_id,
        "order_id": identifiers.of_uuid("ord_", order.public_id) if order else None,
        "channel": row.channel.code,
        "order_external_id": row.order_external_id,
        "type": word(row.type),
        "status": word(row.status),
        "location_id": identifiers.of_uuid("loc_", row.point.public_id),
        "carrier_code": row.carrier_code or None,
        "tracking_number": row.tracking_number or None,
        "note": row.note or None,
        "units": [_unit(row, unit) for unit in row.units.all()],
        "refund_decision": word(row.refund_decision),
        "version": row.version,
        "created_at": moment(row.created_at),
        "updated_at": moment(row.changed_at),
        "received_at": moment(row.received_at),
        "inspected_at": moment(row.inspected_at),
        "refund_decided_at": moment(row.refund_decided_at),
        "closed_at": moment(row.closed_at),
        "cancelled_at": moment(row.cancelled_at),
    }


def _unit(row: ReturnOrder, unit: ReturnUnit) -> Shown:
    return {
        "id": identifiers.of_uuid("rtu_", unit.public_id),
        "external_id": unit.external_id,
        "order_line_id": _line_id(row, unit),
        "sku": unit.sku.code,
        "reason": unit.reason or None,
        "status": word(unit.status),
        "qc_status": word(unit.qc_status),
        "qc_reason": unit.qc_reason or None,
        "image_urls": unit.image_urls,
        "disposition": word(unit.disposition),
        "received_at": moment(unit.received_at),
        "inspected_at": moment(unit.inspected_at),
    }


def _line_id(row: ReturnOrder, unit: ReturnUnit) -> str | None:
    if unit.order_line is None or row.order is None:
        return None
    placed_at = identifiers.moment_of(row.order.public_id)
    ordered = bundles.ordered_line(unit.order_line)
    return identifiers.of_number("oli_", ordered.number, placed_at)
