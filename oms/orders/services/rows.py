"""From a draft to the columns of its rows, as the statements of intake take them."""

from typing import Any
from uuid import UUID

from oms.orders.choices import OrderStatus
from oms.orders.drafts import LineDraft, OrderDraft


def any_email(draft: OrderDraft) -> str | None:
    """The address a buyer would be searched by."""
    return draft.contact.customer_email or draft.contact.email


def any_phone(draft: OrderDraft) -> str | None:
    """The number a buyer would be searched by."""
    return draft.contact.customer_phone or draft.contact.phone


def order_row(public_id: UUID, draft: OrderDraft) -> dict[str, Any]:
    """The order's own columns."""
    total = sum((line.unit_price or 0) * line.quantity for line in draft.lines)
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
        "customer_id": draft.customer_id,
        "customer_remark": draft.customer_remark,
        "seller_remark": draft.seller_remark,
        "goods_total": total,
        "payment": draft.payment,
        "placed_at": draft.placed_at,
        "channel_updated_at": draft.channel_updated_at,
        "ship_by_at": draft.ship_by_at,
        "line_count": len(draft.lines),
    }


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
    }
