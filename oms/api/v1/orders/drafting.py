"""From a checked document to what the services take in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import UNSET

from oms.accounts.queries import MachineIdentity
from oms.api.v1.orders.consistency import NOTHING, amount
from oms.api.v1.orders.reading import Values
from oms.api.v1.orders.references import References
from oms.orders import services as orders
from oms.orders.choices import PaymentMethod, PaymentStatus

# The contract's names of what can be patched, with what the service calls them.
PATCHED = {
    "ship_to": "ship_to",
    "bill_to": "bill_to",
    "shipping_fee": "shipping_fee",
    "order_discount": "order_discount",
    "location_id": "preferred_point_id",
    "note": "seller_remark",
    "packaging_note": "packaging_note",
    "requested_ship_by": "ship_by_at",
    "tags": "tags",
    "payment_status": "payment_status",
    "hold": "hold",
}


def order_draft(
    said: Values,
    known: References,
    *,
    channel_id: int,
    machine: MachineIdentity,
    now: datetime,
    raw_body: bytes,
) -> orders.OrderDraft:
    """A new order. What is paid on delivery need not wait for a payment."""
    payment_status = said.get("payment_status", PaymentStatus.UNPAID)
    method = said["payment_method"]
    ship_to = _address(said["ship_to"])
    bill_to = _address(said["bill_to"]) if "bill_to" in said else None
    customer, point = said.get("customer_id"), said.get("location_id")
    return orders.OrderDraft(
        organization_id=machine.organization_id,
        channel_id=channel_id,
        external_id=said["external_id"],
        is_paid=payment_status == PaymentStatus.PAID or method == PaymentMethod.COD,
        currency=said["currency"],
        country=ship_to.country,
        placed_at=now,
        channel_updated_at=now,
        lines=tuple(line_drafts(said["lines"], known)),
        contact=orders.contact_for(ship_to, bill_to),
        order_type=said.get("type", "NORMAL"),
        seller_remark=said.get("note", ""),
        packaging_note=said.get("packaging_note", ""),
        tags=tuple(said.get("tags", ())),
        preferred_point_id=known.points[point] if point else None,
        shipping_fee=amount(said, "shipping_fee"),
        order_discount=amount(said, "order_discount"),
        payment_status=payment_status,
        payment_method=method,
        customer_key=known.customers[customer] if customer else None,
        ship_by_at=said.get("requested_ship_by"),
        raw_body=raw_body,
    )


def order_edit(
    said: Values,
    known: References,
    *,
    order_id: int,
    line_keys: dict[str, int],
    expected_version: int | None,
) -> orders.OrderEdit:
    """A patch. `line_keys` are the order's lines by their ids on the wire."""
    changes: dict[str, Any] = {
        ours: _patched(name, said[name], known) for name, ours in PATCHED.items() if name in said
    }
    lines: Any = UNSET
    if "lines" in said:
        drafts = line_drafts(said["lines"], known)
        lines = tuple(
            orders.LineEdit(draft=draft, key=line_keys[line["id"]] if "id" in line else None)
            for line, draft in zip(said["lines"], drafts, strict=True)
        )
    return orders.OrderEdit(
        order_id=order_id, expected_version=expected_version, lines=lines, **changes
    )


def _patched(name: str, value: Any, known: References) -> Any:
    """A member in our words; null clears it."""
    if value is None:
        return _CLEARED.get(name)
    match name:
        case "shipping_fee" | "order_discount":
            return value.amount
        case "ship_to" | "bill_to":
            return _address(value)
        case "location_id":
            return known.points[value]
        case "hold":
            return orders.HoldWish(**value)
        case _:
            return value


_CLEARED: dict[str, object] = {
    "note": "",
    "packaging_note": "",
    "tags": (),
    "shipping_fee": NOTHING,
    "order_discount": NOTHING,
}


def line_drafts(lines: Sequence[Values], known: References) -> list[orders.LineDraft]:
    """Positions with a SKU or bundle each. Those without an id of their channel get one of ours."""
    named = {line.get("external_line_id") for line in lines}
    drafts = []
    for position, line in enumerate(lines, 1):
        sku_id, name = known.skus[line["sku"]]
        external_id = line.get("external_line_id")
        drafts.append(
            orders.LineDraft(
                external_id=external_id or _free_id(position, named),
                is_named=external_id is not None,
                sku_codes=(),
                sku_id=sku_id,
                sku_code=line["sku"],
                name=line.get("name") or name,
                quantity=line["quantity"],
                unit_price=line["unit_price"].amount,
                line_discount=amount(line, "discount"),
            )
        )
    return drafts


def _free_id(position: int, taken: set[str | None]) -> str:
    name = str(position)
    while name in taken:
        name += "-"
    return name


def _address(said: Values) -> orders.Address:
    return orders.Address(**said)
