"""From an order's document to what intake takes: one line per item, for each is one unit."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from channels_app.models import Channel
from oms.api.akinon import delivery_ranges
from oms.api.akinon.sync import products, words
from oms.api.akinon.sync.configuration import SyncSettings
from oms.api.akinon.sync.documents import items_of
from oms.api.akinon.sync.words import DocumentUnreadable, Row
from oms.kernel.actors import Actor
from oms.orders import services as orders
from oms.orders.choices import PaymentMethod
from oms.orders.traits import Traits

PAID_FROM = 400
NOTHING = Decimal(0)
# Of an item, what the facade shows again; the rest is in the raw body.
_SHOWN = (
    "attributes", "attributes_kwargs", "extra_field", "price_list", "stock_list", "retail_price",
    "tax_rate", "installment_interest_amount", "parent", "product", "status", "price_currency",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a document is read with."""

    channel: Channel
    settings: SyncSettings
    actor: Actor
    points: Mapping[str, int]
    """Our points by the other side's keys of stores."""
    dropped: frozenset[str] = frozenset()
    """Items that were cancelled before they came."""
    here: frozenset[str] = frozenset()
    """Items that are lines of ours already: they are cancelled, not left out."""


def order_draft(document: Row, reading: Reading) -> orders.OrderDraft:
    """The order as intake takes it; without a line when no item is wanted any more.

    Raises DocumentUnreadable.
    """
    lines = line_drafts(wanted_items(document, reading), reading)
    ship_to = words.object_of(document.get("shipping_address")) or {}
    bill_to = words.object_of(document.get("billing_address")) or ship_to
    country = words.object_of(ship_to.get("country")) or {}
    state = words.status(document.get("status"))
    return orders.OrderDraft(
        organization_id=reading.channel.organization_id,
        channel_id=reading.channel.pk,
        external_id=number_of(document),
        is_paid=state is not None and state >= PAID_FROM,
        currency=words.text(document.get("currency"), 3).upper(),
        country=_country(country),
        placed_at=placed_at(document),
        channel_updated_at=modified_at(document),
        lines=tuple(lines),
        contact=_contact(document, ship_to, bill_to),
        allow_split=True,
        customer_id=words.key_of(document.get("customer"))[:128],
        customer_remark=words.text(document.get("notes"), 320),
        packaging_note=words.text(document.get("gift_box_note"), 160),
        shipping_fee=words.amount(document.get("shipping_amount"), "shipping_amount") or NOTHING,
        order_discount=_order_discount(document, lines),
        payment=_payment(document),
        payment_method=_payment_method(document, reading.settings),
        preferred_point_id=reading.points.get(words.key_of(ship_to.get("retail_store"))),
        traits=_traits(document, ship_to),
        raw_body=json.dumps(document, sort_keys=True, ensure_ascii=False).encode(),
    )


def line_drafts(items: Sequence[Row], reading: Reading) -> list[orders.LineDraft]:
    """One line of one unit per item. Raises DocumentUnreadable."""
    known = products.sku_ids(items, actor=reading.actor)
    return [_line(item, known, reading) for item in items]


def wanted_items(document: Row, reading: Reading) -> list[Row]:
    """Items that are lines already, or are to be: not cancelled, by their state or beforehand."""
    skipped = reading.settings.skipped_item_statuses
    return [
        item
        for item in items_of(document)
        if words.key_of(item) in reading.here
        or (
            words.status(item.get("status")) not in skipped
            and words.key_of(item) not in reading.dropped
        )
    ]


def number_of(document: Row) -> str:
    """The order's number. Raises DocumentUnreadable."""
    number = words.text(document.get("number"), 128)
    if not number:
        raise DocumentUnreadable("number is missing", member="number")
    return number


def modified_at(document: Row) -> dt.datetime:
    """When it was last changed, by their clock. Raises DocumentUnreadable."""
    return words.instant(document.get("modified_date"), "modified_date")


def placed_at(document: Row) -> dt.datetime:
    """When it was placed. Raises DocumentUnreadable."""
    said = document.get("date_placed") or document.get("created_date")
    return words.instant(said or document.get("modified_date"), "date_placed")


def _line(item: Row, known: Mapping[str, int], reading: Reading) -> orders.LineDraft:
    key = words.key_of(item)
    if not key:
        raise DocumentUnreadable("orderitem_set.pk is missing", member="orderitem_set.pk")
    product = words.object_of(item.get("product")) or {}
    code = words.text(product.get("sku"), 128) or f"product {words.key_of(item.get('product'))}"
    price = words.amount(item.get("price"), "price")
    discount = words.amount(item.get("discount_amount"), "discount_amount")
    return orders.LineDraft(
        external_id=key,
        sku_codes=(code[:128],),
        sku_id=known.get(key),
        quantity=1,
        sku_code=code[:128],
        channel_sku_code=words.text(product.get("barcode"), 128),
        channel_spu_id=words.key_of(product)[:128],
        name=words.text(product.get("name"), 255),
        original_price=words.amount(item.get("retail_price"), "retail_price"),
        unit_price=price,
        discount_amount=discount,
        line_discount=min(max(discount or NOTHING, NOTHING), max(price or NOTHING, NOTHING)),
        extra=_extra(item, reading.settings),
    )


def _extra(item: Row, settings: SyncSettings) -> dict[str, object]:
    """What the facade shows again, and whose goods the item is."""
    extra: dict[str, object] = {name: item[name] for name in _SHOWN if name in item}
    told = (words.text(words.at_path(item, path), 64) for path in settings.supplier_code_fields)
    if supplier_code := next(filter(None, told), ""):
        extra["supplier_code"] = supplier_code
    return extra


def _order_discount(document: Row, lines: Sequence[orders.LineDraft]) -> Decimal:
    """Off the order what is not off its items already; never more than they cost."""
    said = words.amount(document.get("discount_amount"), "discount_amount") or NOTHING
    rest = said - sum((line.line_discount for line in lines), NOTHING)
    goods = sum(((line.unit_price or NOTHING) - line.line_discount for line in lines), NOTHING)
    return min(max(rest, NOTHING), max(goods, NOTHING))


def _payment(document: Row) -> dict[str, object]:
    names = (
        "payment_option_slug", "shipping_option_slug", "delivery_type", "delivery_range",
        "installment_count", "cargo_company", "amount", "client_type", "language_code",
    )  # fmt: skip
    return {name: document[name] for name in names if document.get(name) is not None}


def _payment_method(document: Row, settings: SyncSettings) -> PaymentMethod | None:
    slug = words.text(document.get("payment_option_slug"), 128).lower().replace("-", "_")
    known = settings.payment_methods.get(slug)
    return PaymentMethod(known) if known in PaymentMethod.values else None


def _traits(document: Row, ship_to: Row) -> Traits:
    places = [words.object_of(ship_to.get(name)) or {} for name in ("district", "township", "city")]
    spot = next((p for p in places if p.get("latitude") and p.get("longitude")), {})
    customer = words.object_of(document.get("customer")) or {}
    latitude = words.amount(spot.get("latitude"), "latitude")
    longitude = words.amount(spot.get("longitude"), "longitude")
    span = delivery_ranges.read(document.get("delivery_range"))
    return Traits(
        shipping_option=words.text(document.get("shipping_option_slug"), 128),
        payment_option=words.text(document.get("payment_option_slug"), 128),
        customer_type=words.text(customer.get("customer_type"), 64),
        region=words.text(_name(ship_to, "city"), 255),
        latitude=None if latitude is None else float(latitude),
        longitude=None if longitude is None else float(longitude),
        deliver_from=span.begins_at if span else None,
        deliver_until=span.ends_at if span else None,
    )


def _contact(document: Row, ship_to: Row, bill_to: Row) -> orders.ContactDraft:
    """The buyer and the delivery. Languages with fewer places get city and township."""
    if not ship_to:
        return orders.ContactDraft(has_delivery=False)
    contact = orders.contact_for(_address(ship_to), _address(bill_to))
    customer = words.object_of(document.get("customer")) or {}
    return replace(
        contact,
        state=None,
        city=_name(ship_to, "city") or None,
        district=_name(ship_to, "township") or None,
        organization=words.text(ship_to.get("company_name"), 255) or None,
        customer_name=_full_name(customer) or contact.customer_name,
        customer_email=words.text(customer.get("email"), 254) or contact.customer_email,
        customer_phone=words.text(customer.get("phone_number"), 128) or contact.customer_phone,
        shipping_description=words.text(ship_to.get("notes"), 512) or None,
    )


def _address(said: Row) -> orders.Address:
    country = words.object_of(said.get("country")) or {}
    return orders.Address(
        full_name=_full_name(said),
        line1=words.text(said.get("line"), 255),
        country=_country(country),
        phone=words.text(said.get("phone_number"), 128) or None,
        email=words.text(said.get("email"), 254) or None,
        ward=_name(said, "district") or None,
        district=_name(said, "township") or None,
        province=_name(said, "city") or None,
        postal_code=words.text(said.get("postcode"), 32) or None,
    )


def _full_name(said: Row) -> str:
    parts = (words.text(said.get(name), 255) for name in ("first_name", "last_name"))
    return " ".join(part for part in parts if part)


def _name(said: Row, member: str) -> str:
    place: Mapping[str, Any] = words.object_of(said.get(member)) or {}
    return words.text(place.get("name"), 255)


def _country(country: Row) -> str:
    return words.text(country.get("code"), 64).upper() or words.text(country.get("name"), 64)
