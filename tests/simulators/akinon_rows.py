"""Rows of a shop in Akinon's words: geography, goods, and orders of single units."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.simulators.akinon_tables import stamp
from tests.simulators.akinon_wire import Row

COUNTRIES = ((1, "Türkiye", "tr"), (2, "United Kingdom", "gb"))
CITIES = ((1, "Ankara", 1), (6, "İstanbul", 1), (34, "London", 2), (35, "Leeds", 2))
TOWNSHIPS = (
    (101, "Çankaya", 1),
    (102, "Ümraniye", 6),
    (103, "Camden", 34),
    (104, "Headingley", 35),
)
DISTRICTS = ((1001, "Bahçelievler", 101), (1002, "Moda", 102))
REASONS = (
    (1, "Customer changed their mind", "cancel"),
    (2, "Damaged goods", "refund"),
    (3, "Delivery failed", "refund"),
)
CARGO_COMPANIES = ((34, "UPS", "ups"), (35, "Yurtiçi", "yurtici"))
CHANNEL_SECRET = "marketplace-password-nobody-may-see"
LANGUAGE = "tr-tr"


@dataclass(frozen=True)
class Sold:
    """A line at the shop: so many pieces of one SKU."""

    sku: str
    quantity: int = 1
    price: str = "10.00"
    supplier_code: str = ""


@dataclass(frozen=True)
class Buyer:
    """Who ordered, and where it goes."""

    first_name: str = "Ada"
    last_name: str = "Lovelace"
    email: str = "ada@buyers.example"
    phone_number: str = "+905551112233"
    line: str = "1 Analytical Street"
    city: int = 1
    township: int | None = 101
    district: int | None = 1001


@dataclass(frozen=True)
class Basket:
    """An order as the shop takes it. `more` stands above every member of the order's row."""

    number: str
    sold: tuple[Sold, ...]
    buyer: Buyer = field(default_factory=Buyer)
    status: str = "400"
    channel: int = 1
    placed_at: dt.datetime | None = None
    more: Mapping[str, object] = field(default_factory=dict)

    @property
    def units(self) -> int:
        return sum(each.quantity for each in self.sold)

    @property
    def amount(self) -> str:
        return f"{sum(float(each.price) * each.quantity for each in self.sold):.2f}"


def geography() -> dict[str, list[Row]]:
    """Countries, cities, townships and districts; a district belongs to a township."""
    place = {"is_active": True, "latitude": None, "longitude": None}
    return {
        "countries": [
            {"pk": pk, "name": name, "code": code, **place} for pk, name, code in COUNTRIES
        ],
        "cities": [{"pk": pk, "name": name, "country": of, **place} for pk, name, of in CITIES],
        "townships": [
            {"pk": pk, "name": name, "city": of, "country": _country(of), **place}
            for pk, name, of in TOWNSHIPS
        ],
        "districts": [
            {"pk": pk, "name": name, "township": of, "city": _city(of), **place}
            for pk, name, of in DISTRICTS
        ],
    }


def _country(city: int) -> int:
    return next(country for pk, _, country in CITIES if pk == city)


def _city(township: int) -> int:
    return next(city for pk, _, city in TOWNSHIPS if pk == township)


def channel(pk: int, name: str, at: dt.datetime) -> Row:
    """A sales channel; its configuration holds a secret, as real ones do."""
    return {
        "pk": pk,
        "name": name,
        "channel_type": "sales_channel",
        "catalog": 1,
        "category_tree": 1,
        "is_active": True,
        "conf": {"username": "shop", "password": CHANNEL_SECRET},
        "created_date": stamp(at),
        "modified_date": stamp(at),
    }


def product(pk: int, sku: str, name: str, at: dt.datetime) -> Row:
    return {
        "pk": pk,
        "name": name,
        "base_code": sku,
        "sku": sku,
        "barcode": f"86{pk:011d}",
        "is_active": True,
        "attributes": {},
        "attributes_kwargs": {},
        "extra_attributes": {},
        "productimage_set": [],
        "created_date": stamp(at),
        "modified_date": stamp(at),
    }


def retail_store(pk: int, erp_code: str, address: int, at: dt.datetime) -> Row:
    return {
        "pk": pk,
        "name": f"Store {erp_code}",
        "erp_code": erp_code,
        "store_type": "store",
        "stock_location_type": "store",
        "email": f"{erp_code.lower()}@stores.example",
        "fax_number": None,
        "phone_number": "+905550000000",
        "daytime_phone": "+905550000000",
        "evening_phone": None,
        "address": address,
        "is_active": True,
        "click_and_collect": True,
        "priority": pk,
        "conf": {},
        "created_date": stamp(at),
        "modified_date": stamp(at),
    }


def customer(pk: int, buyer: Buyer, channel_pk: int, at: dt.datetime) -> Row:
    return {
        "pk": pk,
        "channel": channel_pk,
        "email": buyer.email,
        "first_name": buyer.first_name,
        "last_name": buyer.last_name,
        "phone_number": None,
        "is_active": True,
        "channel_code": str(pk),
        "erp_code": None,
        "extra_field": {},
        "created_date": stamp(at),
        "modified_date": stamp(at),
    }


def address(pk: int, buyer: Buyer, customer_pk: int, country: int, at: dt.datetime) -> Row:
    members: Row = {
        "email": buyer.email,
        "phone_number": buyer.phone_number,
        "first_name": buyer.first_name,
        "last_name": buyer.last_name,
        "country": country,
        "city": buyer.city,
        "township": buyer.township,
        "district": buyer.district,
        "line": buyer.line,
        "title": "Home",
        "postcode": "06420",
        "company_name": None,
        "tax_office": None,
        "tax_no": None,
        "identity_number": None,
        "e_bill_taxpayer": False,
        "address_type": "customer",
        "retail_store": None,
        "notes": None,
        "customer": customer_pk,
    }
    digest = hashlib.md5(json.dumps(members, sort_keys=True).encode(), usedforsecurity=False)
    return {
        "pk": pk,
        **members,
        "hash_data": digest.hexdigest(),
        "remote_id": None,
        "extra_field": {},
        "is_active": True,
        "created_date": stamp(at),
        "modified_date": stamp(at),
    }


def order(pk: int, basket: Basket, keys: Mapping[str, Any], at: dt.datetime) -> Row:
    """The flat order of section 11.1; `keys` are customer and addresses."""
    placed_at = basket.placed_at or at
    return {
        "pk": pk,
        "number": basket.number,
        "channel": basket.channel,
        "status": basket.status,
        "date_placed": stamp(placed_at),
        "created_date": stamp(at),
        "modified_date": stamp(at),
        **keys,
        "currency": "try",
        "amount": basket.amount,
        "shipping_amount": "0.00",
        "shipping_tax_rate": None,
        "discount_amount": "0.00",
        "net_shipping_amount": "0.00",
        "refund_amount": "0.00",
        "discount_refund_amount": "0.00",
        "installment_interest_amount": "0.00",
        "extra_field": {"id": f"shop-{basket.number}"},
        "payment_option": 1,
        "payment_option_slug": "credit_card",
        "installment": None,
        "installment_count": None,
        "bin_number": None,
        "delivery_type": "standard",
        "delivery_range": None,
        "shipping_option_slug": None,
        "cargo_company": 34,
        "tracking_number": None,
        "carrier_shipping_code": None,
        "invoice_number": None,
        "invoice_date": None,
        "e_archive_url": None,
        "is_send": False,
        "has_gift_box": False,
        "gift_box_note": None,
        "notes": None,
        "client_type": "default",
        "language_code": LANGUAGE,
        "remote_addr": "192.0.2.7",
        "segment": None,
        "external_status": None,
        **basket.more,
    }


def order_item(
    pk: int, order_row: Row, sold: Sold, product_pk: int, *, line_key: str, at: dt.datetime
) -> Row:
    """One unit; the units of a line carry the same key in `extra_field`."""
    attributes = {"supplier_code": sold.supplier_code} if sold.supplier_code else {}
    return {
        "pk": pk,
        "order": order_row["pk"],
        "product": product_pk,
        "status": order_row["status"],
        "price": sold.price,
        "price_currency": order_row["currency"],
        "retail_price": sold.price,
        "tax_rate": "20.00",
        "discount_amount": "0.00",
        "installment_interest_amount": "0.00",
        "price_list": 1,
        "stock_list": 1,
        "tracking_number": None,
        "carrier_shipping_code": None,
        "tracking_url": None,
        "shipping_company": None,
        "invoice_number": None,
        "invoice_date": None,
        "e_archive_url": None,
        "attributes": attributes,
        "attributes_kwargs": {},
        "extra_field": {"id": line_key},
        "cancel_status": None,
        "parent": None,
        "delivered_date": None,
        "estimated_delivery_date": None,
        "created_date": stamp(at),
        "modified_date": stamp(at),
    }
