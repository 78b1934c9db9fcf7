"""Contract sections 4.3, 4.4 and 5.3."""

import base64
from typing import Any

from fulfillment import queries
from fulfillment.choices import DocumentStatus
from fulfillment.models import Parcel, ParcelMilestone
from oms.api.oms4 import mapping
from oms.api.oms4.render.orders import item_status
from oms.api.oms4.render.values import double, ms, text, upstream_id
from oms.orders import bundles
from oms.orders.models import OrderLine


def parcel(found: Parcel) -> dict[str, Any]:
    """A parcel of `parcels_feed`, as its sales channel sees it."""
    return {
        "parcel_id": found.number,
        "parcel_type": found.parcel_type,
        "created_date": ms(found.created_at),
        "fulfillment_point": found.point.name,
        "fp_parcel_no": found.point_parcel_no,
        "us_parcel_no": text(found.channel_parcel_no),
        "status": mapping.PARCEL_STATUS[found.status],
        "weight": double(found.weight_kg),
        "length": double(found.length_cm),
        "height": double(found.height_cm),
        "width": double(found.width_cm),
        "tracking_no": text(found.tracking_number),
        "source_location": text(found.source_location),
        "dest_location": None,
        "waybill_url": text(queries.waybill_url_of(found)),
        "items": _items(found),
        "order_no": found.task.order.external_id,
        "delivery_carrier": text(found.carrier),
        "delivery_type": text(found.delivery_type),
    }


def _items(found: Parcel) -> list[dict[str, Any]]:
    """What is in it, as the channel ordered it."""
    units = [(item.task_line.order_line, item.quantity) for item in found.items.all()]
    return [_item(line, quantity, found) for line, quantity in bundles.as_ordered(units)]


def _item(line: OrderLine, quantity: int, found: Parcel) -> dict[str, Any]:
    return {
        "orig_order_item_id": upstream_id(line.external_id),
        "order_item_status": item_status(line, found.task.order),
        "sc_spu_id": text(line.channel_spu_id),
        "sc_sku_code": text(line.channel_sku_code),
        "seller_sku_code": line.sku_code,
        "sku_name": text(line.name),
        "qty": quantity,
    }


def trace(found: Parcel, milestones: list[ParcelMilestone]) -> dict[str, Any]:
    """A parcel with its journey, oldest first."""
    return {
        "order_no": found.task.order.external_id,
        "parcel_id": found.number,
        "fp_parcel_no": found.point_parcel_no,
        "us_parcel_no": text(found.channel_parcel_no),
        "delivery_carrier": text(found.carrier),
        "tracking_no": text(found.tracking_number),
        "status": mapping.PARCEL_STATUS[found.status],
        "activities": [
            {
                "milestone": mapping.PARCEL_STATUS.get(milestone.milestone),
                "description": text(milestone.description),
                "event_time": ms(milestone.occurred_at),
            }
            for milestone in milestones
        ],
    }


def shipping(found: Parcel) -> dict[str, Any]:
    """A parcel with its label, as its point sees it."""
    return {
        "parcel_id": found.number,
        "fp_parcel_no": found.point_parcel_no,
        "delivery_carrier": text(found.carrier),
        "delivery_type": text(found.delivery_type),
        "tracking_no": text(found.tracking_number),
        "shipping_label": _label(found),
    }


def _label(found: Parcel) -> str | None:
    """The document in base64, or null while there is none."""
    label = queries.label_of(found)
    if label is None or label.status != DocumentStatus.READY:
        return None
    return base64.b64encode(queries.label_bytes(label)).decode()
