"""Orders and their items, as calls answer them and hooks tell them (contract 3.6, 11.1, 11.4)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from fulfillment.choices import TaskStatus
from oms.api.akinon import package_reads, states
from oms.api.akinon.order_reads import ShownOrder
from oms.api.akinon.rendering import buyers
from oms.api.akinon.rendering.products import product
from oms.api.akinon.rendering.states import state
from oms.api.akinon.rendering.values import (
    money,
    money_or_none,
    stamp,
    stamp_or_none,
    text_or_none,
)
from oms.orders import lifecycle
from oms.orders.choices import OrderStatus
from oms.orders.models import Order, OrderLine

Shown = dict[str, Any]
NOTHING = Decimal(0)

# Members of the other side's order that are shown as it told them; null where it did not.
COPIED = (
    "shipping_tax_rate",
    "net_shipping_amount",
    "refund_amount",
    "discount_refund_amount",
    "installment_interest_amount",
    "payment_option",
    "payment_option_slug",
    "installment",
    "installment_count",
    "delivery_type",
    "delivery_range",
    "shipping_option_slug",
    "cargo_company",
    "tracking_number",
    "carrier_shipping_code",
    "invoice_number",
    "invoice_date",
    "e_archive_url",
    "gift_box_note",
    "client_type",
    "language_code",
    "segment",
    "external_status",
)
# What work has come to where the quantities of a line do not say it.
_OF_TASKS: Mapping[str, str] = {
    TaskStatus.READY_FOR_PICKUP: "520",
    TaskStatus.ATTEMPTED: "540",
    TaskStatus.DELIVERY_FAILED: "540",
}


def order(one: ShownOrder) -> Shown:
    """An order in full."""
    row, told = one.order, one.document
    lines = sorted(row.lines.all(), key=lambda line: line.position)
    return {
        "id": row.number,
        "omnitron_id": one.omnitron_id,
        "number": row.external_id,
        "state": state(states.order_state(states.ORDER_OF[OrderStatus(row.status)])),
        "commands": [],
        "orderitem_set": [order_item(line, row) for line in lines],
        "channel": row.channel.number,
        "channel_name": row.channel.name,
        "customer": buyers.customer(one.contact),
        "shipping_address": buyers.shipping_address(row, one.contact),
        "billing_address": buyers.billing_address(row, one.contact),
        **_amounts(row),
        **{name: told.get(name) for name in COPIED},
        "extra_field": told.get("extra_field") or {},
        "is_send": bool(told.get("is_send")),
        "has_gift_box": bool(told.get("has_gift_box")),
        "notes": text_or_none(row.customer_remark),
        "date_placed": stamp(row.placed_at),
        "cancelled_date": stamp_or_none(row.cancelled_at),
        "created_date": stamp(row.received_at),
        "modified_date": stamp(row.changed_at),
    }


def order_item(line: OrderLine, row: Order) -> Shown:
    """An item: one unit, where the order came from Omnitron or Seller Center."""
    told = line.extra if isinstance(line.extra, dict) else {}
    tax = line.tax_amount
    return {
        "id": line.number,
        "omnitron_id": omnitron_id(line, row),
        "order": row.number,
        "state": state(states.order_item_state(item_value(line, row))),
        "commands": [],
        "product": product(line),
        "quantity": line.quantity_ordered,
        "price": money_or_none(line.unit_price),
        "price_currency": row.currency.lower(),
        "retail_price": _told_amount(told, "retail_price", line.original_price),
        "tax_rate": told.get("tax_rate"),
        "tax_amount": money_or_none(tax),
        "discount_amount": money(line.discount_amount or line.line_discount),
        "net_amount": money(line.total),
        "without_net_amount": None if tax is None else money(line.total - tax),
        "installment_interest_amount": told.get("installment_interest_amount"),
        "attributes": told.get("attributes") or {},
        "attributes_kwargs": told.get("attributes_kwargs") or {},
        "image": None,
        "price_list": told.get("price_list"),
        "stock_list": told.get("stock_list"),
        "extra_field": told.get("extra_field") or {},
        "parent_omnitron_id": _key(told.get("parent")),
        "created_date": stamp(row.received_at),
        "modified_date": stamp(row.changed_at),
    }


def omnitron_id(line: OrderLine, row: Order) -> int | None:
    """The other side's key of an item, where its order came from there."""
    is_theirs = row.channel.type in package_reads.THEIR_CHANNELS
    return int(line.external_id) if is_theirs and line.external_id.isdecimal() else None


def item_value(line: OrderLine, row: Order) -> str:
    """The number of an item's state: from its quantities, or from its package where that knows
    more.
    """
    status = lifecycle.line_status(
        line, is_paid=row.status != OrderStatus.CREATED, was_tried=row.was_tried
    )
    value = states.ORDER_OF[status]
    if status in lifecycle.ENDED:
        return value
    of_tasks = (
        _OF_TASKS.get(part.task.status) for part in line.task_lines.all() if part.quantity_live
    )
    return next(filter(None, of_tasks), value)


def _amounts(row: Order) -> Shown:
    lines = sum((line.line_discount for line in row.lines.all()), NOTHING)
    return {
        "currency": row.currency.lower(),
        "amount": money(row.total),
        "shipping_amount": money(row.shipping_fee),
        "discount_amount": money(row.order_discount + lines),
    }


def _told_amount(told: Mapping[str, Any], name: str, ours: Decimal | None) -> str | None:
    said = told.get(name)
    return str(said) if isinstance(said, str) and said else money_or_none(ours)


def _key(said: object) -> int | None:
    """A key that is told as such or as an object."""
    key = said.get("pk") if isinstance(said, dict) else said
    if isinstance(key, bool):
        return None
    return int(key) if isinstance(key, int | str) and str(key).isdecimal() else None
