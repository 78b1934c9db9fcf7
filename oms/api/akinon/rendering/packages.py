"""Packages, as calls answer them and hooks tell them (contract 3.5, 11.4)."""

from collections.abc import Sequence
from typing import Any

from fulfillment.models import Discrepancy, FulfillmentTask, TaskLine
from oms.api.akinon import package_reads, states, wishes
from oms.api.akinon.package_reads import Package, package_id, package_number
from oms.api.akinon.rendering import buyers
from oms.api.akinon.rendering.locations import location
from oms.api.akinon.rendering.products import product
from oms.api.akinon.rendering.shipments import carrier_or_none, shipment, shipped_box
from oms.api.akinon.rendering.states import state
from oms.api.akinon.rendering.values import stamp, stamp_or_none, text_or_none
from oms.orders import bundles
from oms.orders import queries as orders
from oms.orders.choices import OrderStatus
from oms.orders.drafts import ContactDraft
from oms.orders.models import Order, OrderLine

Shown = dict[str, Any]


def package(one: Package, *, commands: Sequence[Shown] = ()) -> Shown:
    """A package in full. `commands` are those that may run now."""
    task, contact = one.task, orders.contact_of(one.task.order)
    return {
        "id": one.id,
        "number": package_number(task.number),
        "state": state(one.state),
        "commands": list(commands),
        "remote_id": None,
        "packageitem_set": [package_item(one, line) for line in one.items],
        "stock_location": location(task.point, known=one.location),
        "denial_reason": one.denial_reason,
        **_of_order(one, contact),
        **_of_travel(one),
        "created_date": stamp(task.created_at),
        "modified_date": stamp(task.changed_at),
    }


def short_package(task: FulfillmentTask) -> Shown:
    """A package as short lists have it, loaded by `package_reads.heads`."""
    live = [line for line in task.lines.all() if line.quantity_live]
    is_wished = bool(wishes.wished_lines(task))
    return {
        "id": package_id(task.number),
        "number": package_number(task.number),
        "state": states.package_state(task.status, is_cancel_wished=is_wished).enum_value,
        "order": task.order.number,
        "stock_location_erp_code": task.point.code,
        "packageitem_count": len(live or task.lines.all()),
    }


def package_item(one: Package, line: TaskLine) -> Shown:
    """Units of a package, inside it."""
    is_wished = line.order_line_id in one.wished
    package = states.package_state(one.task.status, is_cancel_wished=is_wished)
    return {
        "id": line.number,
        "package": one.id,
        "order_item": order_item(one.task, line.order_line),
        "state": state(states.item_state(package, is_live=line.quantity_live > 0)),
        "quantity": line.quantity_live or line.quantity,
        "unit_weight": _weight(line),
        "transfer_orders": [each.transfer.public_number for each in line.transfer_lines.all()],
        "discrepancies": [_discrepancy(each) for each in line.discrepancies.all()],
        "created_date": stamp(one.task.created_at),
        "modified_date": stamp(one.task.changed_at),
    }


def order_item(task: FulfillmentTask, line: OrderLine) -> Shown:
    """The order's item that units of a package are of; of a bundle that with the part's product."""
    ordered = bundles.ordered_line(line)
    return {
        "id": ordered.number,
        "omnitron_id": omnitron_item(task, ordered),
        "product": product(line),
    }


def omnitron_item(task: FulfillmentTask, line: OrderLine) -> int | None:
    """The other side's key of an item, where its order came from there."""
    is_theirs = task.channel.type in package_reads.THEIR_CHANNELS and line.external_id.isdecimal()
    return int(line.external_id) if is_theirs else None


def _of_order(one: Package, contact: ContactDraft) -> Shown:
    order: Order = one.task.order
    return {
        "order_id": order.number,
        "order_number": order.external_id,
        "order": {
            "id": order.number,
            "number": order.external_id,
            "omnitron_id": one.omnitron_id,
            "state": state(states.order_state(states.ORDER_OF[OrderStatus(order.status)])),
            "date_placed": stamp(order.placed_at),
        },
        "date_placed": stamp(order.placed_at),
        "order_notes": text_or_none(order.customer_remark),
        "channel": one.task.channel.number,
        "channel_name": one.task.channel.name,
        "currency": order.currency.lower(),
        "payment_type": order.traits.get("payment_option") or order.payment_method.lower() or None,
        "shipping_option_slug": order.traits.get("shipping_option"),
        "delivery_type": _told(order, "delivery_type") or text_or_none(one.task.delivery_type),
        "delivery_range": _told(order, "delivery_range") or buyers.delivery_range(contact),
        "customer": buyers.customer(contact),
        "city": text_or_none(order.city),
        "shipping_address": buyers.shipping_address(order, contact),
        "billing_address": buyers.billing_address(order, contact),
    }


def _discrepancy(one: Discrepancy) -> Shown:
    return {
        "reason": one.reason.lower(),
        "stock_location_erp_code": one.point.code,
        "created_date": stamp(one.created_at),
    }


def _told(order: Order, member: str) -> str | None:
    """A text the channel told with the payment."""
    told = order.payment.get(member) if isinstance(order.payment, dict) else None
    return told if isinstance(told, str) and told else None


def _of_travel(one: Package) -> Shown:
    task, box, invoice = one.task, shipped_box(one.task), one.invoice
    return {
        "shipment": shipment(box, label_url=one.label_url) if box else None,
        "shipment_date": stamp_or_none(task.shipped_at),
        "shipping_label": one.label_url,
        "shipping_company": carrier_or_none(box.carrier if box else task.carrier),
        "tracking_number": text_or_none(box.tracking_number) if box else None,
        "tracking_url": text_or_none(box.tracking_url) if box else None,
        "invoice_number": invoice.number if invoice else None,
        "invoice_date": stamp(invoice.issued_at) if invoice else None,
        "e_archive_url": text_or_none(invoice.url) if invoice else None,
    }


def _weight(line: TaskLine) -> str | None:
    """Of one unit, in kilograms."""
    grams = line.sku.weight_g
    return None if grams is None else f"{grams / 1000:.3f}"
