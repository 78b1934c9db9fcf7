"""Examples of the contract."""

from drf_spectacular.utils import OpenApiExample

_LOCATION = "loc_01K9GZ1QK8EZ0V8Y4T2M6N3P5R"

CHECK = (
    OpenApiExample(
        "Two SKUs at one location",
        value={
            "location_id": _LOCATION,
            "items": [{"sku": "TEE-RED-M", "quantity": 2}, {"sku": "CAP-01", "quantity": 1}],
        },
        request_only=True,
    ),
)
COUNT = (
    OpenApiExample(
        "A cycle count",
        value={
            "on_hand": 42,
            "reason": "cycle_count",
            "expected_version": 7,
            "reference": "CC-2026-11-20",
        },
        request_only=True,
    ),
)
ADJUSTMENT = (
    OpenApiExample(
        "Units received",
        value={
            "reason": "received",
            "reference": "PO-77",
            "items": [{"sku": "TEE-RED-M", "location_id": _LOCATION, "delta": 24}],
        },
        request_only=True,
    ),
)
BULK = (
    OpenApiExample(
        "A stock list",
        value={
            "reason": "sync",
            "reference": "ERP-2026-11-20",
            "levels": [
                {"sku": "TEE-RED-M", "location_id": _LOCATION, "on_hand": 42, "safety_stock": 2},
                {"sku": "CAP-01", "location_id": _LOCATION, "on_hand": 0},
            ],
        },
        request_only=True,
        media_type="application/json",
    ),
    OpenApiExample(
        "A level a line",
        value={"sku": "TEE-RED-M", "location_id": _LOCATION, "on_hand": 42},
        request_only=True,
        media_type="application/x-ndjson",
    ),
)
