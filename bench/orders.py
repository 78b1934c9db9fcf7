"""The order of the benchmarks: three lines of a thousand SKUs, about 1.8 kB, signed ahead."""

import time
from collections.abc import Mapping
from random import Random

import msgspec

from bench.sizes import ORDER_LINES, SKUS
from demo.signing import Credentials, sign

CREATE = "/rest/sc_api/order/create"
_STREETS = ("Sample Road", "Example Avenue", "Specimen Street", "Placeholder Lane")
_ADDRESS = {
    "state": "Central Region",
    "city": "Singapore",
    "district": "Downtown Core",
    "postcode": "048624",
    "phone": "+65 6000 0000",
}


def sku_code(number: int) -> str:
    """The code of the SKU with this number, from 0."""
    return f"BENCH-SKU-{number:05d}"


def order_body(number: str, *, random: Random, now_ms: int, hot: bool, paid: bool) -> bytes:
    """One order as Create Order takes it; `hot` orders all have SKU 0 on their first line."""
    skus = random.sample(range(1, SKUS), ORDER_LINES)
    if hot:
        skus[0] = 0
    buyer = f"Buyer {number}"
    street = f"{random.randrange(1, 400)} {random.choice(_STREETS)} #02-03"
    shipping = _ADDRESS | {"address": street, "name": buyer, "email": f"{number}@example.com"}
    billing = shipping | {"organization": "Example Trading Pte Ltd"}
    body: Mapping[str, object] = {
        "order_no": number,
        "order_type": "NORMAL",
        "order_status": "PAID" if paid else "CREATED",
        "created_date": now_ms,
        "updated_date": now_ms,
        "cross_border": 0,
        "upstream_allow_split": 0,
        "currency": "SGD",
        "country": "SG",
        "customer_name": buyer,
        "customer_email": f"{number}@example.com",
        "customer_phone": "+65 6000 0000",
        "customer_remark": "Please leave the parcel with the concierge when nobody is at home.",
        "shipping_info": shipping,
        "billing_info": billing,
        "payment_info": {
            "payment_method": "CARD",
            "paid_time": now_ms,
            "total_amount": 89.7,
            "shipping_fee": 4.5,
            "discount_amount": 0,
            "tax_amount": 6.28,
        },
        "items": [_item(number, place, sku) for place, sku in enumerate(skus, 1)],
    }
    return msgspec.json.encode(body)


def _item(number: str, place: int, sku: int) -> dict[str, object]:
    code = sku_code(sku)
    return {
        "orig_order_item_id": f"{number}-{place}",
        "sc_spu_id": f"SPU-{sku:05d}",
        "sc_sku_code": f"W-{code}",
        "seller_sku_code": code,
        "sku_name": f"Benchmark article {sku}, size M, colour red",
        "qty": 1,
        "original_price": 34.9,
        "unit_price": 29.9,
        "discount_amount": 5.0,
        "tax_amount": 2.09,
    }


def signed(
    path: str,
    body: bytes,
    *,
    port: int,
    key: Credentials,
    method: str = "POST",
    query: tuple[tuple[str, str], ...] = (),
) -> bytes:
    """A whole HTTP request, ready to be sent within the server's clock tolerance."""
    timestamp = time.time_ns() // 1_000_000
    signature = sign(path, key, timestamp, query=query, body=body)
    search = "&".join(f"{name}={value}" for name, value in query)
    target = f"{path}?{search}" if search else path
    head = (
        f"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"tenant_id: {key.tenant_id}\r\napi_key: {key.api_key}\r\n"
        f"timestamp: {timestamp}\r\nsignature: {signature}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body


def requests(
    count: int, *, prefix: str, port: int, path: str, key: Credentials, hot: bool, paid: bool
) -> list[bytes]:
    """So many orders with numbers of their own; the same prefix gives the same orders."""
    random = Random(prefix)
    now_ms = time.time_ns() // 1_000_000
    return [
        signed(
            path,
            order_body(f"{prefix}-{n:06d}", random=random, now_ms=now_ms, hot=hot, paid=paid),
            port=port,
            key=key,
        )
        for n in range(count)
    ]
