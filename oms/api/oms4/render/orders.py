"""Contract section 4.2."""

from typing import Any

from oms.api.oms4 import mapping
from oms.api.oms4.render.values import double, flag, ms, text, upstream_id
from oms.orders import lifecycle
from oms.orders.models import Order, OrderLine
from oms.orders.services import ContactDraft


def order(found: Order, contact: ContactDraft) -> dict[str, Any]:
    """An order of `orders_feed`, with its buyer's data opened."""
    return {
        "order_no": found.external_id,
        "order_type": found.order_type,
        "sales_channel": found.channel.name,
        "upstream_system": mapping.CHANNEL_TYPE[found.channel.type],
        "order_status": mapping.ORDER_STATUS[found.status],
        "order_date": ms(found.placed_at),
        "last_updated_date": ms(_last_change(found)),
        "cross_border": flag(found.is_cross_border),
        "campaign_id": text(found.campaign_id),
        "ref_code": text(found.ref_code),
        "ship_by_date": ms(found.ship_by_at),
        "upstream_allow_split": flag(found.allow_split),
        "currency": found.currency,
        "country": found.country,
        "customer_remark": text(found.customer_remark),
        "seller_remark": text(found.seller_remark),
        "customer_id": text(found.customer.external_id) if found.customer else None,
        "customer_name": contact.customer_name,
        "customer_email": contact.customer_email,
        "customer_phone": contact.customer_phone,
        "shipping_info": _shipping_info(contact) if contact.has_delivery else None,
        "payment_info": found.payment,
        "items": [
            _item(line, found) for line in sorted(found.lines.all(), key=lambda line: line.position)
        ],
    }


def _last_change(found: Order) -> Any:
    """The latest of the channel's own update and what happened here since it was taken in."""
    if found.changed_at <= found.received_at:
        return found.channel_updated_at
    return max(found.channel_updated_at, found.changed_at)


def item_status(line: OrderLine, found: Order) -> str:
    """The state of one line, as every call shows it."""
    status = lifecycle.line_status(line, is_paid=found.is_paid, was_tried=found.was_tried)
    return mapping.ORDER_STATUS[status]


def _shipping_info(contact: ContactDraft) -> dict[str, Any]:
    return {
        "state": contact.state,
        "city": contact.city,
        "district": contact.district,
        "address": contact.address,
        "postcode": contact.postcode,
        "name": contact.name,
        "email": contact.email,
        "phone": contact.phone,
        "organization": contact.organization,
        "requested_arrival_date": ms(contact.requested_arrival_at),
        "time_window_from": contact.window_from,
        "time_window_to": contact.window_to,
        "shipping_description": contact.shipping_description,
    }


def _item(line: OrderLine, found: Order) -> dict[str, Any]:
    """What the channel sent for the line that nobody knows comes back with what we know."""
    extra: dict[str, Any] = line.extra
    return extra | {
        "order_item_id": line.number,
        "orig_order_item_id": upstream_id(line.external_id),
        "order_item_status": item_status(line, found),
        "sc_spu_id": text(line.channel_spu_id),
        "sc_sku_code": text(line.channel_sku_code),
        "seller_sku_code": line.sku_code,
        "sku_name": text(line.name),
        "qty": line.quantity_ordered,
        "original_price": double(line.original_price),
        "unit_price": double(line.unit_price),
        "discount_amount": double(line.discount_amount),
        "tax_amount": double(line.tax_amount),
        "remark": text(line.remark),
    }
