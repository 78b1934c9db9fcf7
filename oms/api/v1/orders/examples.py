"""Bodies that the document shows; those of the contract word by word."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

_ADDRESS = {
    "full_name": "Trần Lan",
    "phone": "+84900000000",
    "line1": "1 Lê Lợi",
    "ward": "Bến Nghé",
    "province": "Hồ Chí Minh",
    "country": "VN",
}
ORDER: dict[str, Any] = {
    "external_id": "WEB-1001",
    "channel": "web",
    "payment_method": "cod",
    "currency": "VND",
    "ship_to": _ADDRESS,
    "lines": [
        {
            "sku": "TEE-RED-M",
            "quantity": 2,
            "unit_price": {"amount": "125000", "currency": "VND"},
        }
    ],
    "shipping_fee": {"amount": "20000", "currency": "VND"},
}


def _sent(name: str, body: object, *, media_type: str = "application/json") -> OpenApiExample:
    return OpenApiExample(name, value=body, request_only=True, media_type=media_type)


CREATE = [_sent("Paid on delivery", ORDER)]
PATCH = [
    _sent(
        "Hold",
        {"note": "Call before delivery", "hold": {"reason": "address", "note": "ward missing"}},
    ),
    _sent("Release", {"hold": None}),
]
CANCEL = [_sent("Changed mind", {"reason": "customer_request", "note": "changed mind"})]
WISH = [_sent("Whole order", {"reason": "customer_request"})]
DECISION = [_sent("Accept", {"decision": "accept", "note": ""})]
BULK = [
    _sent("One order", {"orders": [ORDER], "error_policy": "skip_failed"}),
    _sent("An order a line", ORDER, media_type="application/x-ndjson"),
]
