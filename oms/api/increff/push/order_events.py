"""The body of an order event: the union of its editions, every key of it (contract API 3)."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from fulfillment.models import TaskLine
from oms.api.increff.push.suborders import SubOrder
from oms.api.increff.push.taken import Taken
from oms.api.increff.push.values import in_style, money, some_text, text
from oms.api.increff.settings import EventDateStyle
from oms.orders import addresses
from oms.orders.addresses import Address
from oms.orders.choices import PaymentMethod

Data = dict[str, Any]

DUE_WITHIN = dt.timedelta(hours=24)
"""For orders nobody gave a time to ship by: the wire demands one."""
ATTRIBUTES = tuple(f"attribute{number}" for number in range(1, 11))
_NOBODY = Address(full_name="", line1="", country="")
PRIORITY_TAGS = frozenset({"priority", "rush", "express"})


def order_event(
    found: SubOrder, *, event_type: str, message_id: int, style: EventDateStyle
) -> Data:
    """One message."""
    task, order = found.task, found.task.order
    start_at = found.start_at
    is_cod = order.payment_method == PaymentMethod.COD
    return {
        "locationCode": found.location_code,
        "messageId": message_id,
        "orderCode": order.external_id,
        "parentOrderCode": text(order.ref_code),
        "orderTime": in_style(order.placed_at, style),
        "startProcessingTime": in_style(start_at, style),
        "requiredBy": in_style(order.ship_by_at or start_at + DUE_WITHIN, style),
        "paymentMethod": "COD" if is_cod else "NCOD",
        "isPriority": any(tag.lower() in PRIORITY_TAGS for tag in order.tags),
        "channelName": task.channel.code,
        "eventType": event_type,
        "onHold": found.is_held,
        "orderCustomAttributes": {
            **dict.fromkeys(ATTRIBUTES),
            "channelMetadata": {},
            "currency": order.currency,
        },
        "orderItems": _items(found),
        "shippingAddress": _address(found.ship_to),
        "billingAddress": _address(found.bill_to or found.ship_to),
        "virtualSkuDefinitions": None,
        "bundledSkuDefinitions": None,
    }


def _items(found: SubOrder) -> list[Data]:
    """One entry for each SKU, in the order of the sales channel's lines."""
    by_sku: dict[int, list[TaskLine]] = {}
    for line in found.lines:
        by_sku.setdefault(line.sku_id, []).append(line)
    return [_item(found, sku_id, lines) for sku_id, lines in by_sku.items()]


def _item(found: SubOrder, sku_id: int, lines: list[TaskLine]) -> Data:
    name = found.names[sku_id]
    taken = sum((found.taken[line.pk] for line in lines), Taken())
    return {
        "orderItemCodes": [
            line.order_line.external_id for line in lines if line.order_line.is_named
        ],
        "clientSkuId": name.client_sku_id,
        "channelSkuCode": name.channel_sku_code,
        "barcode": name.barcode,
        "orderedQuantity": sum(line.quantity for line in lines),
        "cancelledQuantity": taken.cancelled,
        "customerCancelledQty": taken.by_customer or None,
        "sellerCancelledQty": taken.by_seller or None,
        "sellerRejectQty": taken.short or None,
        "hoppedQuantity": taken.hopped or None,
        "sellingPricePerUnit": _per_unit(lines, [line.order_line.unit_price for line in lines]),
        "giftChargePerUnit": 0.0,
        "channelDiscount": 0.0,
        "sellerDiscount": _per_unit(lines, [_discount(line) for line in lines]),
        "shippingCharge": 0.0,
        "isVirtual": False,
        "externalItemCodes": [],
        "orderItemCustomAttributes": None,
    }


def _discount(line: TaskLine) -> Decimal:
    """What is off the price of one unit."""
    return line.order_line.line_discount / line.order_line.quantity_ordered


def _per_unit(lines: list[TaskLine], amounts: Sequence[Decimal | None]) -> float | None:
    """An amount per unit of lines that are one entry: the mean where it differs."""
    known = [amount for amount in amounts if amount is not None]
    if len(known) < len(lines):
        return None
    if len(set(known)) == 1:
        return money(known[0])
    total = sum(
        (line.quantity * amount for line, amount in zip(lines, known, strict=True)), Decimal()
    )
    return money(round(total / sum(line.quantity for line in lines), 4))


def _address(given: Address | None) -> Data:
    """Name and first line are always there, empty for a buyer whose data was erased."""
    known = given or _NOBODY
    return {
        "name": some_text(known.full_name),
        "line1": some_text(known.line1),
        "line2": text(known.line2),
        "line3": text(known.ward),
        "city": text(addresses.city(known)),
        "state": text(known.province),
        "zip": text(known.postal_code),
        "country": text(known.country),
        "email": text(known.email),
        "phone": text(known.phone),
    }
