"""Bodies for the document; tests send them as they stand here."""

from drf_spectacular.utils import OpenApiExample

ADVANCED = OpenApiExample("A week passes", request_only=True, value={"advance_seconds": 604800})
DELIVERED_ALL = OpenApiExample(
    "Everything reaches its buyer", request_only=True, value={"until": "delivered"}
)
