"""How credentials and fields of ours stand in the OpenAPI document.

The generator knows them once this module is imported.
"""

from typing import Any

from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerFieldExtension,
)
from rest_framework import serializers

from oms.api.v1.road import identifiers
from oms.api.v1.road.inputs import StrictSerializer

SCOPES = {
    "orders:read": "Read orders and cancellation requests",
    "orders:write": "Everything else on orders",
    "inventory:read": "Read inventory and locations, check availability",
    "inventory:write": "Set and adjust inventory",
    "shipments:read": "Read shipments, tracking and labels",
    "shipments:write": "Create, change and cancel shipments",
    "customers:read": "Read customers",
    "customers:write": "Create, change and erase customers",
    "returns:read": "Read returns",
    "returns:write": "Everything else on returns",
    "events:read": "Read the feed of events",
    "webhooks:manage": "Manage webhook endpoints",
    "sandbox:write": "Move the clock of a test organization, play its warehouse",
}


class MachineScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # not typed
    """Either credential is enough."""

    target_class = "oms.api.v1.road.authentication.MachineAuth"
    name = ["bearer", "apiKey"]

    def get_security_definition(self, _auto_schema: Any) -> Any:
        return [
            {
                "type": "oauth2",
                "description": "Client credentials (RFC 6749 4.4); tokens live for 15 minutes",
                "flows": {"clientCredentials": {"tokenUrl": "/v1/oauth2/token", "scopes": SCOPES}},
            },
            {
                "type": "apiKey",
                "in": "header",
                "name": "X-API-Key",
                "description": "`oms_live_…` or `oms_test_…`",
            },
        ]


def needed(scope: str) -> list[dict[str, list[str]]]:
    """What lets a call in: a token with the scope, or a key."""
    return [{"bearer": [scope]}, {"apiKey": []}]


def bounds_of(field: Any) -> dict[str, Any]:
    """What the framework checks of a member of a request without a validator."""
    if not _is_of_request(field):
        return {}
    if isinstance(field, serializers.ListSerializer):
        # The framework's type stubs do not know these two.
        fewest, most = getattr(field, "min_length", None), getattr(field, "max_length", None)
        found = {"minItems": fewest or (0 if field.allow_empty else 1), "maxItems": most}
        return {name: value for name, value in found.items() if value}
    is_text = isinstance(field, serializers.CharField) and not field.allow_blank
    return {"minLength": max(1, field.min_length or 0)} if is_text else {}


def _is_of_request(field: Any) -> bool:
    while field is not None and not isinstance(field, StrictSerializer):
        field = getattr(field, "parent", None)
    return field is not None


class MoneySchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call] # not typed
    """Money in requests."""

    target_class = "oms.api.v1.road.fields.MoneyField"

    def get_name(self) -> str:
        return "MoneyInput"

    def map_serializer_field(self, _auto_schema: Any, _direction: Any) -> Any:
        return {
            "type": "object",
            "properties": {
                "amount": {"type": "string", "pattern": r"^(0|[1-9][0-9]{0,11})(\.[0-9]{1,4})?$"},
                "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
            },
            "required": ["amount", "currency"],
            "additionalProperties": False,
        }


class ReferenceSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call] # not typed
    """Identifiers with their prefix."""

    target_class = "oms.api.v1.road.fields.ReferenceField"

    def map_serializer_field(self, _auto_schema: Any, _direction: Any) -> Any:
        return {"type": "string", "pattern": identifiers.pattern(self.target.prefix)}


class WordsSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call] # not typed
    """Comma lists in query parameters."""

    target_class = "oms.api.v1.road.inputs.WordsField"

    def map_serializer_field(self, _auto_schema: Any, _direction: Any) -> Any:
        word: dict[str, Any] = {"type": "string"}
        if self.target.choices:
            word["enum"] = list(self.target.choices)
        else:
            word["pattern"] = r"^[^,]*[^,\s][^,]*$"
        return {"type": "array", "items": word, "minItems": 1, "maxItems": self.target.most}
