"""Orders (contract 2.6)."""

from typing import Any

from oms.api.nandh import mapping, statuses
from oms.locations import queries as locations
from oms.locations.models import FulfillmentPoint
from oms.orders.choices import OrderStatus
from oms.orders.models import Order, OrderLine

Document = dict[str, Any]

# Seen in the vendor's example; nothing of ours means it.
_UNKNOWN = (
    "group_platform", "sorting_code", "partner_id", "tax_paid_by", "fee_paid_by", "tax_info",
    "volume", "protective_packaging", "inspection", "can_check_content", "confirmed_sla_time",
    "sla_time", "shipped_sla_time", "returned_time", "user", "business", "updated_by", "created_by",
)  # fmt: skip
_FULFILL_TYPE = 2  # the one that was seen


def order(row: Order) -> Document:
    """A row of `queries.order_by_number`."""
    unknown: Document = dict.fromkeys(_UNKNOWN)
    return unknown | {
        "id": row.number,
        "country": row.country,
        "currency": row.currency,
        "platform": "api",
        "tracking_code": mapping.order_code(row.number),
        "partner_tracking_code": row.external_id,
        "order_type": mapping.order_type(row.order_type),
        "note": row.seller_remark,
        "packaging_note": row.packaging_note,
        "partner_created_time": mapping.unix(row.placed_at),
        "status": statuses.order(_state(row)),
        "status_update_time": mapping.unix(row.changed_at),
        "use_insurance": int(mapping.INSURANCE in row.tags),
        "shipping_provider": "self",
        "fulfill_type": _FULFILL_TYPE,
        "completed_time": mapping.unix(row.completed_at),
        "estimated_departure_time": mapping.unix(row.ship_by_at),
        "created_time": mapping.unix(row.received_at),
        "updated_time": mapping.unix(row.changed_at),
        "pickup_address": _pickup(row),
        "store": {"id": row.channel_id, "code": row.channel.code, "name": row.channel.name},
        "payments": [_payment(row)],
        "fees": _fees(row),
        "items": [_item(line) for line in sorted(row.lines.all(), key=lambda line: line.position)],
    }


def _state(row: Order) -> str:
    if row.is_open and any(hold.released_at is None for hold in row.holds.all()):
        return statuses.ON_HOLD
    if row.status == OrderStatus.DELIVERED and row.completed_at is not None:
        return statuses.COMPLETED
    return row.status.lower()


def _pickup(row: Order) -> Document | None:
    if row.preferred_point is None:
        return None
    codes = locations.location_codes(channel_ids=[row.channel_id])
    return pickup(row.preferred_point, codes.get((row.channel_id, row.preferred_point.pk)))


def pickup(point: FulfillmentPoint, code: str | None) -> Document:
    """A point under the code its channel has for it."""
    return {
        "id": None if code is None else mapping.location_id(code),
        "pickup_name": point.name,
        "contact_name": point.name,
        "phone": point.phone,
        "address": point.address,
        "pickup_code": point.code,
        "fulfillment_provider_name": "nandh",
        "warehouse_provider": point.code,
    }


def _payment(row: Order) -> Document:
    return {
        "status": mapping.PAYMENT_STATUS_OUT[row.payment_status],
        "method": mapping.PAYMENT_METHOD_OUT.get(row.payment_method),
        "amount": mapping.whole(row.total),
    }


def _fees(row: Order) -> list[Document]:
    amounts = {
        mapping.SHIPPING_FEE: row.shipping_fee,
        mapping.PLATFORM_DISCOUNT: row.order_discount,
    }
    return [
        {"code": code, "amount": mapping.whole(amount)}
        for code, amount in amounts.items()
        if amount
    ]


def _item(line: OrderLine) -> Document:
    """`order_item_id` is what returns name a line by."""
    return {
        "order_item_id": line.number,
        "sku": line.sku_code,
        "name": line.name,
        "quantity": line.quantity_ordered,
        "sale_price": None if line.unit_price is None else mapping.whole(line.unit_price),
        "discount": mapping.whole(line.line_discount),
        "shipped_quantity": line.quantity_shipped,
        "cancelled_quantity": line.quantity_cancelled,
        "returned_quantity": line.quantity_returned,
    }
