"""The body of an order event: the union of its editions, every key of it (contract API 3)."""

import datetime as dt
from typing import Any

from oms.api.increff import combos
from oms.api.increff.push.order_items import order_items
from oms.api.increff.push.suborders import SubOrder
from oms.api.increff.push.values import in_style, some_text, text
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
        "orderItems": order_items(found),
        "shippingAddress": _address(found.ship_to),
        "billingAddress": _address(found.bill_to or found.ship_to),
        "virtualSkuDefinitions": combos.definitions(
            [each.ordered for each in found.combos], found.names, found.bundle_names
        ),
        "bundledSkuDefinitions": None,
    }


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
