"""Bodies for the document; tests send them as they stand here."""

from drf_spectacular.utils import OpenApiExample

EXPECTED = OpenApiExample(
    "One unit comes back",
    request_only=True,
    value={
        "order_id": "ord_01JD3V0QZ4XW7B9M2K5N8R6T1E",
        "external_id": "RMA-9",
        "type": "customer_return",
        "units": [{"external_id": "RMA-9-1", "sku": "TEE-RED-M", "reason": "too small"}],
    },
)
RECEIVED = OpenApiExample(
    "A parcel arrived",
    request_only=True,
    value={"tracking_number": "RV300"},
)
INSPECTED = OpenApiExample(
    "A unit goes back on the shelf",
    request_only=True,
    value={
        "units": [
            {
                "id": "rtu_01JD3V0QZ4XW7B9M2K5N8R6T1E",
                "qc_status": "pass",
                "qc_reason": None,
                "disposition": "restock",
                "image_urls": [],
            }
        ]
    },
)
REFUNDED = OpenApiExample(
    "The refund is approved",
    request_only=True,
    value={"refund_decision": "approved", "note": "by mail"},
)
CANCELLED = OpenApiExample(
    "A unit will not come",
    request_only=True,
    value={"units": ["rtu_01JD3V0QZ4XW7B9M2K5N8R6T1E"]},
)
