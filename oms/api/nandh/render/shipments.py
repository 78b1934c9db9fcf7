"""Shipments (contract 2.7)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fulfillment import queries
from fulfillment.choices import DocumentStatus, Station
from fulfillment.models import Parcel
from fulfillment.services import consignments
from oms.api.nandh import mapping, statuses
from oms.api.nandh.render.orders import pickup
from oms.locations import queries as locations

Document = dict[str, Any]
Link = Callable[[str], str]
Codes = Mapping[tuple[int, int], str]
Row = Parcel  # for views, which name no models

# Seen in the vendor's example; nothing of ours means it.
_UNKNOWN = (
    "partner_information", "push_3pl_success", "push_3pf_success", "push_rts_success",
    "push_fulfill_pack_success", "is_ship_now", "priority_fulfillment_3pf", "is_seller_own_fleet",
    "inspection_time", "received_time",
)  # fmt: skip
_UNKNOWN_OF_COURIER = (
    "id", "prefix", "description", "logo", "rating", "is_fulfill_now", "is_seller_own_fleet",
    "use_lib", "is_platform_own_fleet",
)  # fmt: skip
_FULFILL_TYPE = 2  # the one that was seen


def shipment(row: Parcel, link: Link) -> Document:
    """A row of `queries.shipments_feed`; `link` makes the address of a label from its code."""
    order = row.task.order
    codes = locations.location_codes(channel_ids=[order.channel_id])
    sender = consignments.sender_of(row)
    place = pickup(row.point, codes.get((order.channel_id, row.point_id)))
    place |= {"contact_name": sender.full_name, "phone": sender.phone or ""}
    return _shipment(row, link) | {"pickup_address": place}


def listed(rows: Sequence[Parcel], link: Link) -> list[Document]:
    """The list variant: related objects as ids, and the courier in full."""
    codes = locations.location_codes(channel_ids={row.task.order.channel_id for row in rows})
    return [_shipment(row, link) | _relations(row, codes) for row in rows]


def _shipment(row: Parcel, link: Link) -> Document:
    station = queries.station_of(row)
    code = mapping.shipment_code(row.number)
    label = queries.label_of(row)
    has_label = label is not None and label.status == DocumentStatus.READY
    returned_at = row.milestone_at if station == Station.RETURNED_TO_POINT else None
    unknown: Document = dict.fromkeys(_UNKNOWN)
    return unknown | {
        "tracking_code": code,
        "courier_tracking_code": row.tracking_number or None,
        "label_code": label.reference if label is not None and has_label else None,
        "label_url": link(code) if has_label else None,
        "status": statuses.shipment(station),
        "status_update_time": mapping.unix(row.milestone_at or row.changed_at),
        "order_shipping_provider": "normal",
        "shipping_provider": "self",
        "fulfillment_provider": "nandh",
        "warehouse_provider": row.point.code,
        "fulfill_type": _FULFILL_TYPE,
        "additional_services": [],
        "cod_amount": mapping.decimals(row.cod_amount),
        "fulfilled_time": mapping.unix(row.packed_at),
        "shipped_time": mapping.unix(row.shipped_at),
        "delivered_time": mapping.unix(row.delivered_at),
        "returned_time": mapping.unix(returned_at),
        "completed_time": mapping.unix(row.task.order.completed_at),
    }


def _relations(row: Parcel, codes: Codes) -> Document:
    order = row.task.order
    code = codes.get((order.channel_id, row.point_id))
    unknown: Document = dict.fromkeys(_UNKNOWN_OF_COURIER)
    return {
        "pickup_address": None if code is None else mapping.location_id(code),
        "store": order.channel_id,
        "order": order.number,
        "courier_integration": None,
        "courier": unknown
        | {"name": row.carrier or None, "tracking_url": row.tracking_url or None},
        "courier_service": {
            "name": row.service_level.lower(),
            "estimate_time": None,
            "is_fulfill_now": None,
        },
        "courier_ship": None,
    }
