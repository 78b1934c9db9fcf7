"""F2: the least Django can do. A plain view, msgspec, one SQL call."""

from decimal import Decimal

import msgspec
from django.http import HttpRequest, HttpResponse

from bench.floors.placing import place


class Address(msgspec.Struct):
    city: str
    address: str
    postcode: str
    name: str
    email: str
    phone: str
    state: str = ""
    district: str = ""
    organization: str = ""


class Item(msgspec.Struct):
    orig_order_item_id: str
    seller_sku_code: str
    sku_name: str
    qty: int
    unit_price: Decimal


class Order(msgspec.Struct):
    order_no: str
    order_status: str
    created_date: int
    currency: str
    country: str
    customer_email: str
    shipping_info: Address
    billing_info: Address
    items: list[Item]
    customer_remark: str = ""


_decoder = msgspec.json.Decoder(Order)


def place_order(request: HttpRequest) -> HttpResponse:
    """Decode, store, answer."""
    raw = request.body
    order = _decoder.decode(raw)
    head = [
        order.order_no,
        order.order_status,
        order.currency,
        order.country,
        order.shipping_info.city,
        order.shipping_info.postcode,
        order.customer_remark,
        sum(item.unit_price * item.qty for item in order.items),
        order.created_date,
    ]
    lines = [
        (item.orig_order_item_id, item.seller_sku_code, item.sku_name, item.unit_price, item.qty)
        for item in order.items
    ]
    made = place(head, lines, raw, order.customer_email)
    return HttpResponse(
        msgspec.json.encode({"id": made}), status=201, content_type="application/json"
    )
