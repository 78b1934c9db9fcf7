"""From checked bodies to what the services take in."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from catalog.services import SkuDraft
from oms.accounts.queries import MachineIdentity
from oms.api.nandh import mapping, references
from oms.api.nandh.reading import Values, refuse
from oms.kernel.identifiers import uuid7
from oms.orders import queries as orders
from oms.orders import services
from oms.orders.choices import HoldReason, PaymentMethod, PaymentStatus
from returns.drafts import ReturnDraft, UnitDraft

NOT_APPROVED = services.HoldWish(reason=HoldReason.OTHER, note="Not approved by its store yet")
_TAG = 32
_MOST_TAGS = 20


def order_draft(
    said: Values, *, machine: MachineIdentity, now: datetime, raw_body: bytes
) -> services.OrderDraft:
    """A new order; one without a number of its own gets one.

    Refuses what would be lost without anybody noticing: see `_refuse_what_is_not_understood`.
    """
    _refuse_what_is_not_understood(said)
    channel = references.store(said["store_id"], machine)
    point_id = references.pickup(said["pickup_id"], channel_id=channel.pk, pointer="/pickup_id")
    skus = references.skus(said["items"], machine.actor)
    method, status = _payment(said["payments"])
    ship_to = _address(said["receiver"])
    extra = said.get("extra_info") or {}
    lines = tuple(_line(item, place, skus) for place, item in enumerate(said["items"], 1))
    discount = _fee(said, mapping.PLATFORM_DISCOUNT)
    shipping_fee = _fee(said, mapping.SHIPPING_FEE)
    _check_discount(discount, lines, shipping_fee)
    return services.OrderDraft(
        organization_id=machine.organization_id,
        channel_id=channel.pk,
        external_id=extra.get("order_number") or f"nhov-{uuid7()}",
        is_paid=status == PaymentStatus.PAID or method == PaymentMethod.COD,
        currency=mapping.CURRENCY,
        country=ship_to.country,
        placed_at=now,
        channel_updated_at=now,
        lines=lines,
        contact=services.contact_for(ship_to),
        order_type=mapping.ORDER_TYPE[said["config"]["order_type"]],
        seller_remark=extra.get("note") or "",
        packaging_note=extra.get("packaging_note") or "",
        tags=_tags(said["config"]),
        preferred_point_id=point_id,
        shipping_fee=shipping_fee,
        order_discount=discount,
        payment_status=status,
        payment_method=method,
        ship_by_at=extra.get("estimated_departure_time"),
        payment={
            "payments": [{**each, "amount": int(each["amount"])} for each in said["payments"]]
        },
        raw_body=raw_body,
    )


def hold_of(said: Values) -> services.HoldWish | None:
    """What keeps an order that is not approved from being worked on."""
    return None if said["config"]["approve"] else NOT_APPROVED


def _refuse_what_is_not_understood(said: Values) -> None:
    """Money and orders are not guessed at: what the vendor does not explain is refused."""
    if said["config"]["preview"]:
        raise refuse("/config/preview", "is not offered; nothing was stored")
    if said.get("discounts"):
        raise refuse("/discounts", "the shape of an entry is not known; use fees")
    methods = {payment["method"] for payment in said["payments"]}
    if len(methods) > 1:
        raise refuse("/payments", "an order is paid by one method")


def _payment(payments: list[Values]) -> tuple[PaymentMethod, PaymentStatus]:
    status = mapping.payment_status([payment["status"] for payment in payments])
    return mapping.PAYMENT_METHOD[payments[0]["method"]], status


def _address(said: Values) -> services.Address:
    return services.Address(
        full_name=said["fullname"],
        phone=said["phone"],
        line1=said["address"],
        ward=said["ward_name"],
        district=said.get("district_name") or None,
        province=said["province_name"],
        postal_code=said.get("zipcode") or None,
        country=said["country"],
    )


def _line(item: Values, place: int, skus: dict[str, tuple[int | None, str]]) -> services.LineDraft:
    sku_id, name = skus[item["sku"]]
    return services.LineDraft(
        external_id=str(place),
        is_named=False,
        sku_codes=(),
        sku_id=sku_id,
        sku_code=item["sku"],
        name=name,
        quantity=item["quantity"],
        unit_price=item["sale_price"],
        line_discount=_discount(item, place - 1) * item["quantity"],
    )


def _discount(item: Values, place: int) -> Decimal:
    """Off each unit. What `discounted_price` means is a setting (contract, section 5)."""
    said, price = item.get("discounted_price") or Decimal(0), item["sale_price"]
    pointer = f"/items/{place}/discounted_price"
    if not said:
        return Decimal(0)
    match settings.OMS_NANDH_DISCOUNTED_PRICE:
        case "amount" if said <= price:
            return Decimal(said)
        case "price" if said <= price:
            return Decimal(price - said)
        case "refuse":
            raise refuse(pointer, "must be 0: OMS_NANDH_DISCOUNTED_PRICE does not say what it is")
        case _:
            raise refuse(pointer, "is more than sale_price")


def _fee(said: Values, code: str) -> Decimal:
    fees = [fee["amount"] for fee in said.get("fees") or () if fee["code"] == code]
    return sum(fees, Decimal(0))


def _check_discount(
    discount: Decimal, lines: tuple[services.LineDraft, ...], shipping_fee: Decimal
) -> None:
    goods = sum(
        ((line.unit_price or 0) * line.quantity - line.line_discount for line in lines), Decimal(0)
    )
    if discount > goods + shipping_fee:
        raise refuse("/fees", "the discount is more than the order costs")


def _tags(config: Values) -> tuple[str, ...]:
    """Services staff have to know of, as tags."""
    said = (config.get("additional_services") or "").split(",")
    tags = [word.strip() for word in said if word.strip()]
    tags += [mapping.INSURANCE] if config["use_insurance"] else []
    if len(tags) > _MOST_TAGS or any(len(tag) > _TAG for tag in tags):
        raise refuse("/config/additional_services", f"at most {_MOST_TAGS} of {_TAG} characters")
    return tuple(dict.fromkeys(tags))


_PRODUCT_TOLD = (
    "package_length", "package_width", "package_height", "product_brand", "product_category",
    "is_serial_number", "is_batch_control", "is_bubble_wrap", "is_kraft_paper", "is_fragile",
    "min_shelf_life_inbound", "min_shelf_life_outbound", "material", "product_type",
    "storage_method", "outbound_strategy", "unit", "info", "images", "documents",
)  # fmt: skip
_PRODUCT_MONEY = ("cost", "sale_price")


def sku_draft(said: Values, *, organization_id: int) -> SkuDraft:
    """A new SKU; what the core has no place for is kept as it was told."""
    payload: dict[str, Any] = {name: said[name] for name in _PRODUCT_TOLD if name in said}
    payload |= {name: int(said[name]) for name in _PRODUCT_MONEY if said.get(name) is not None}
    barcodes = [each["barcode"] for each in said.get("barcode_list") or ()]
    return SkuDraft(
        organization_id=organization_id,
        code=said["sku"],
        name=said["name"],
        barcodes=tuple(dict.fromkeys(barcodes)),
        weight_g=said.get("weight"),
        payload=payload,
    )


def is_kept(said: Values) -> bool:
    """Whether a new SKU gets its stock rows."""
    return bool((said.get("config") or {}).get("create_inventory_stock"))


def return_draft(said: Values, *, machine: MachineIdentity) -> ReturnDraft:
    """A return of shipped units. Raises OrderNotFound and unknown_location."""
    number = mapping.order_number(said["order_tracking_code"])
    if number is None:
        raise orders.OrderNotFound("No such order")
    order = orders.order_by_number(actor=machine.actor, number=number)
    reason = ": ".join(text for text in (said["reason_type"], said.get("reason")) if text)
    return ReturnDraft(
        organization_id=machine.organization_id,
        order_id=order.pk,
        point_id=references.pickup(
            said["return_address"], channel_id=order.channel_id, pointer="/return_address"
        ),
        units=tuple(
            UnitDraft(
                line_number=each.get("order_item_id"), sku_code=each.get("sku") or "", reason=reason
            )
            for each in said["return_items"]
            for _ in range(each["return_quantity"])
        ),
    )
