"""Shipments as the contract shows them (4.10)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from fulfillment import queries
from fulfillment.choices import Station
from fulfillment.models import Parcel, ParcelItem, ParcelMilestone
from fulfillment.services import Reported, consignments
from fulfillment.services.unit_packing import shown_number
from oms.api.v1.orders.rendering import address, line_id
from oms.api.v1.road import identifiers
from oms.api.v1.road.fields import moment, money
from oms.api.v1.shipments import mapping
from oms.orders import bundles

Document = dict[str, Any]

_GRAMS, _MILLIMETRES = 1000, 10


def shipments(rows: Sequence[Parcel]) -> list[Document]:
    """Rows of `queries.shipments_feed`."""
    return [shipment(row) for row in rows]


def identifier(row: Parcel) -> str:
    """A shipment on the wire."""
    return identifiers.of_number("shp_", row.number, row.created_at)


def status(row: Parcel) -> str:
    """The contract's word for where a shipment of the feed is."""
    return mapping.STATUS_OUT[queries.station_of(row)]


def shipment(row: Parcel) -> Document:
    """One row of `queries.shipments_feed`."""
    order = row.task.order
    insured = row.insured_value
    return {
        "id": identifier(row),
        "number": shown_number(row.number),
        "order_id": identifiers.of_uuid("ord_", order.public_id),
        "external_id": row.external_id or None,
        "status": status(row),
        "location_id": identifiers.of_uuid("loc_", row.point.public_id),
        "lines": _lines(row),
        "carrier_code": mapping.carrier_code(row.carrier),
        "service_level": row.service_level.lower(),
        "tracking_number": row.tracking_number or None,
        "tracking_url": row.tracking_url or None,
        "parcel": _parcel(row),
        "cod_amount": money(row.cod_amount, order.currency),
        "insured_value": None if insured is None else money(insured, order.currency),
        "ship_from": address(consignments.sender_of(row)),
        "ship_to": address(consignments.recipient_of(row)),
        "label": _label(row),
        "note": row.note or None,
        "picked_up_at": moment(row.shipped_at),
        "delivered_at": moment(row.delivered_at),
        "cancelled_at": moment(row.cancelled_at),
        "version": row.version,
        "created_at": moment(row.created_at),
        "updated_at": moment(row.changed_at),
    }


def _lines(row: Parcel) -> list[Document]:
    """Units by line of the order; units of one line may be several rows of ours."""
    placed_at = identifiers.moment_of(row.task.order.public_id)
    units: dict[str, int] = {}
    items = [(_line_of(item), item.quantity) for item in row.items.all()]
    for line, quantity in bundles.as_ordered(items):
        text = line_id(line, placed_at)
        units[text] = units.get(text, 0) + quantity
    return [{"order_line_id": text, "quantity": quantity} for text, quantity in units.items()]


def _line_of(item: ParcelItem) -> Any:
    return item.task_line.order_line


def _parcel(row: Parcel) -> Document | None:
    found = {
        "weight_g": _whole(row.weight_kg, _GRAMS),
        "length_mm": _whole(row.length_cm, _MILLIMETRES),
        "width_mm": _whole(row.width_cm, _MILLIMETRES),
        "height_mm": _whole(row.height_cm, _MILLIMETRES),
    }
    return {name: value for name, value in found.items() if value is not None} or None


def _whole(value: Decimal | None, times: int) -> int | None:
    return None if value is None else round(value * times)


def _label(row: Parcel) -> Document:
    found = queries.label_of(row)
    if found is None:
        return {"status": "none", "format": None, "error": None}
    state = mapping.LABEL_STATUS[found.status]
    media_type = found.content.media_type if found.content else ""
    return {
        "status": state,
        "format": mapping.FORMAT_OUT.get(media_type) or media_type.removeprefix("image/") or None,
        "error": found.last_error or None if state == "failed" else None,
    }


def event(row: ParcelMilestone) -> Document:
    """What was reported of a shipment."""
    return {
        "id": f"evt_{row.public_id.hex}",
        "status": mapping.STATUS_OUT[Station(row.milestone)],
        "occurred_at": moment(row.occurred_at),
        "recorded_at": moment(row.recorded_at),
        "source": row.source.lower() or None,
        "description": row.description or None,
        "location_text": row.location_text or None,
        "proof_url": row.proof_url or None,
    }


def reported(found: Reported) -> Document:
    """What became of a status update."""
    return {
        "event": event(found.milestone),
        "applied": found.milestone.was_applied,
        "shipment_status": mapping.STATUS_OUT[found.station],
    }


def tracking(row: Parcel, events: Sequence[ParcelMilestone]) -> Document:
    """The journey of a shipment."""
    return {
        "shipment_id": identifier(row),
        "status": status(row),
        "carrier_code": mapping.carrier_code(row.carrier),
        "tracking_number": row.tracking_number or None,
        "tracking_url": row.tracking_url or None,
        "estimated_delivery_at": None,
        "events": [event(each) for each in events],
    }
