"""Calls of bulk intake: five hundred of the benchmarks' orders each, in the words of `/v1`."""

import uuid
from random import Random

import msgspec

from bench.orders import sku_code
from bench.sizes import ORDER_LINES, SKUS

A_CALL = 500
PATH = "/v1/orders/bulk"
_STREETS = ("Sample Road", "Example Avenue", "Specimen Street", "Placeholder Lane")


def _order(number: str, *, channel: str, random: Random) -> dict[str, object]:
    """Three lines, shipping and billing address and e-mail, as in the other figures."""
    address = {
        "full_name": f"Buyer {number}",
        "phone": "+6560000000",
        "email": f"{number}@example.com",
        "line1": f"{random.randrange(1, 400)} {random.choice(_STREETS)} #02-03",
        "district": "Downtown Core",
        "province": "Central Region",
        "postal_code": "048624",
        "country": "SG",
    }
    return {
        "external_id": number,
        "channel": channel,
        "payment_status": "paid",
        "payment_method": "card",
        "currency": "SGD",
        "ship_to": address,
        "bill_to": address | {"line2": "Example Trading Pte Ltd"},
        "shipping_fee": {"amount": "4.50", "currency": "SGD"},
        "note": "Please leave the parcel with the concierge when nobody is at home.",
        "lines": [
            {
                "external_line_id": f"{number}-{place}",
                "sku": sku_code(sku),
                "name": f"Benchmark article {sku}, size M, colour red",
                "quantity": 1,
                "unit_price": {"amount": "34.90", "currency": "SGD"},
                "discount": {"amount": "5.00", "currency": "SGD"},
            }
            for place, sku in enumerate(random.sample(range(1, SKUS), ORDER_LINES), 1)
        ],
    }


def requests(calls: int, *, prefix: str, port: int, key: str, channel: str) -> list[bytes]:
    """Whole HTTP requests; no order number is in two of them."""
    random = Random(prefix)
    made = []
    for call in range(calls):
        orders = [
            _order(f"{prefix}-{call}-{n:03d}", channel=channel, random=random)
            for n in range(A_CALL)
        ]
        body = msgspec.json.encode({"error_policy": "skip_failed", "orders": orders})
        head = (
            f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-API-Key: {key}\r\n"
            f"Idempotency-Key: {uuid.uuid4()}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        made.append(head.encode("ascii") + body)
    return made
