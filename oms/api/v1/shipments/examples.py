"""Bodies that the document shows: those of the contract."""

from drf_spectacular.utils import OpenApiExample

CREATED = OpenApiExample(
    "One box by a carrier",
    request_only=True,
    value={
        "order_id": "ord_01JD3V0QZ4XW7B9M2K5N8R6T1E",
        "carrier_code": "ghn",
        "service_level": "standard",
        "parcel": {"weight_g": 600, "length_mm": 300, "width_mm": 200, "height_mm": 50},
    },
)
CHANGED = OpenApiExample(
    "Fragile", request_only=True, value={"note": "fragile", "tracking_number": "GHN0123"}
)
REPORTED = OpenApiExample(
    "Collected by the carrier",
    request_only=True,
    value={
        "status": "picked_up",
        "occurred_at": "2026-01-20T08:00:00.000Z",
        "source": "carrier",
        "source_event_id": "ghn-881",
        "description": "Collected",
    },
)
CANCELLED = OpenApiExample("Changed mind", request_only=True, value={"reason": "customer_request"})
