"""From a draft to the columns of its rows, as the statements of intake take them."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from oms.orders import traits
from oms.orders.choices import OrderStatus, PaymentStatus
from oms.orders.drafts import ContactDraft, LineDraft, OrderDraft


def email_of(contact: ContactDraft) -> str | None:
    """The address a buyer would be searched by."""
    return contact.customer_email or contact.email


def phone_of(contact: ContactDraft) -> str | None:
    """The number a buyer would be searched by."""
    return contact.customer_phone or contact.phone


def payment_status(draft: OrderDraft) -> PaymentStatus:
    """What the channel says, or what follows from paid or not."""
    if draft.payment_status is not None:
        return draft.payment_status
    return PaymentStatus.PAID if draft.is_paid else PaymentStatus.UNPAID


def goods_total(lines: Iterable[LineDraft]) -> Decimal:
    """What lines cost, after their discounts."""
    return sum(
        ((line.unit_price or 0) * line.quantity - line.line_discount for line in lines), Decimal(0)
    )


def order_row(public_id: UUID, draft: OrderDraft) -> dict[str, Any]:
    """The order's own columns."""
    return {
        "public_id": public_id,
        "organization_id": draft.organization_id,
        "channel_id": draft.channel_id,
        "external_id": draft.external_id,
        "status": OrderStatus.PAID if draft.is_paid else OrderStatus.CREATED,
        "order_type": draft.order_type,
        "is_paid": draft.is_paid,
        "is_cross_border": draft.is_cross_border,
        "allow_split": draft.allow_split,
        "campaign_id": draft.campaign_id,
        "ref_code": draft.ref_code,
        "currency": draft.currency,
        "country": draft.country,
        "city": draft.contact.city or "",
        "postcode": draft.contact.postcode or "",
        "customer_id": draft.customer_key,
        "customer_remark": draft.customer_remark,
        "seller_remark": draft.seller_remark,
        "goods_total": goods_total(draft.lines),
        "payment": draft.payment,
        "placed_at": draft.placed_at,
        "channel_updated_at": draft.channel_updated_at,
        "ship_by_at": draft.ship_by_at,
        "traits": traits.stored(draft.traits),
        **_told_once(draft),
    }


def _told_once(draft: OrderDraft) -> dict[str, Any]:
    """Columns that an upsert leaves alone."""
    return {
        "packaging_note": draft.packaging_note,
        "tags": draft.tags,
        "preferred_point_id": draft.preferred_point_id,
        "shipping_fee": draft.shipping_fee,
        "order_discount": draft.order_discount,
        "payment_status": payment_status(draft),
        "payment_method": draft.payment_method or "",
    }


def upsert_row(public_id: UUID, draft: OrderDraft) -> dict[str, Any]:
    """The columns that the same order, sent again, replaces."""
    row = order_row(public_id, draft)
    kept = {"status", "is_paid", "customer_id", "public_id", *_told_once(draft)}
    return {name: value for name, value in row.items() if name not in kept}


def line_row(
    line: LineDraft, position: int, *, public_id: UUID, draft: OrderDraft
) -> dict[str, Any]:
    """A line's columns, with what its SKU is looked up by."""
    codes = [code for code in line.sku_codes if code][:2]
    return {
        "public_id": public_id,
        "organization_id": draft.organization_id,
        "channel_id": draft.channel_id,
        "position": position,
        "external_id": line.external_id,
        "code": codes[0] if codes else None,
        "second_code": codes[1] if len(codes) > 1 else None,
        "sku_code": line.sku_code or (codes[0] if codes else ""),
        "channel_sku_code": line.channel_sku_code,
        "channel_spu_id": line.channel_spu_id,
        "name": line.name,
        "remark": line.remark,
        "original_price": line.original_price,
        "unit_price": line.unit_price,
        "discount_amount": line.discount_amount,
        "tax_amount": line.tax_amount,
        "extra": line.extra,
        "quantity_ordered": line.quantity,
        "line_discount": line.line_discount,
        "known_sku_id": line.sku_id,
        "is_named": line.is_named,
    }
