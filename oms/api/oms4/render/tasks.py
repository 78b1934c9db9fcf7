"""Contract sections 5.2, 5.6 and 5.9."""

from typing import Any

from fulfillment.models import CancellationTask, FulfillmentTask, TaskLine
from fulfillment.queries import TaskCancelRequest
from oms.api.oms4 import mapping
from oms.api.oms4.render.orders import item_status
from oms.api.oms4.render.values import flag, ms, seconds, text, upstream_id
from oms.orders import bundles
from oms.orders.choices import OrderStatus
from oms.orders.services import ContactDraft


def task(found: FulfillmentTask, contact: ContactDraft) -> dict[str, Any]:
    """A task of `tasks_feed`, with its buyer's data opened."""
    order = found.order
    return {
        "ft_no": found.number,
        "fp_name": found.point.name,
        "created_time": ms(found.created_at),
        "status": mapping.task_status(found.status, was_received=found.received_at is not None),
        "allow_ft_split": flag(found.allow_split),
        "order_no": order.external_id,
        "sc_type": mapping.CHANNEL_TYPE[found.channel.type],
        "sales_channel": found.channel.name,
        "order_created_time": ms(order.placed_at),
        "packing_instruction": text(found.packing_instruction),
        "delivery_instruction": text(found.delivery_instruction),
        "ship_by_date": ms(order.ship_by_at),
        "cross_border": flag(order.is_cross_border),
        "country": order.country,
        "state": contact.state,
        "city": contact.city,
        "district": contact.district,
        "address": contact.address,
        "postcode": contact.postcode,
        "name": contact.name,
        "organization": contact.organization,
        "phone": contact.phone,
        "email": contact.email,
        "delivery_carrier": text(found.carrier),
        "delivery_type": text(found.delivery_type),
        "avail_delivery_carrier": [
            {"name": carrier, "id": carrier} for carrier in found.point.carriers
        ],
        "task_details": [_detail(line, found) for line in found.lines.all()],
    }


def _detail(line: TaskLine, found: FulfillmentTask) -> dict[str, Any]:
    """Of a bundle the part, with the ids of the item that was ordered."""
    part, ordered = line.order_line, bundles.ordered_line(line.order_line)
    dropped = mapping.ORDER_STATUS[OrderStatus.CANCELLED]
    return {
        "order_item_status": item_status(part, found.order) if line.quantity_live else dropped,
        "order_item_id": ordered.number,
        "task_detail_id": line.number,
        **_codes(line),
        "qty": line.quantity,
        "orig_order_item_id": upstream_id(ordered.external_id),
    }


def _codes(line: TaskLine) -> dict[str, Any]:
    return {
        "seller_sku_code": line.order_line.sku_code,
        "brand_code": text(line.sku.brand_code),
        "brand_sku_code": text(line.sku.brand_sku_code),
        "sku_name": text(line.order_line.name or line.sku.name),
    }


def cancellation(found: CancellationTask) -> dict[str, Any]:
    """A cancellation task of `cancellations_feed`."""
    return {
        "ct_no": found.number,
        "ft_no": found.task.number,
        "order_no": found.task.order.external_id,
        "created_time": ms(found.created_at),
        "updated_time": ms(found.changed_at),
        "status": mapping.CANCELLATION_STATUS[found.status],
        "task_details": [
            {"ft_detail_id": line.task_line.number, **_codes(line.task_line)}
            for line in found.lines.all()
        ],
    }


def cancel_request(found: TaskCancelRequest) -> dict[str, Any]:
    """A wish to cancel, as one task's point sees it."""
    request = found.request
    return {
        "ft_no": found.task.number,
        "requested_Time": seconds(request.requested_at),
        "handling_Result": mapping.CANCEL_DECISION[request.decision],
        "reply_Time": str(seconds(request.decided_at)) if request.decided_at else "",
        "status": mapping.CANCEL_REQUEST_STATUS[request.status],
        "items": [
            {"task_detail_id": str(line.number), "qty": line.quantity} for line in found.lines
        ],
    }
