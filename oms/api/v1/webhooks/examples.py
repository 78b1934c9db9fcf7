"""Bodies that the document shows: those of the contract."""

from drf_spectacular.utils import OpenApiExample

CREATED = OpenApiExample(
    "Orders, and where shipments are",
    request_only=True,
    value={
        "url": "https://client.example.com/hooks",
        "events": ["order.*", "shipment.status_changed"],
        "description": "ERP",
    },
)
CHANGED = OpenApiExample("Orders only", request_only=True, value={"events": ["order.*"]})
ROTATED = OpenApiExample("An hour for both", request_only=True, value={"grace_seconds": 3600})
REPLAYED = OpenApiExample(
    "What was missed of orders",
    request_only=True,
    value={"since": "2026-01-20T00:00:00.000Z", "types": ["order.*"]},
)
