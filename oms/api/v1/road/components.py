"""How credentials and fields of ours stand in the OpenAPI document.

The generator knows them once this module is imported.
"""

from typing import Any

from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerFieldExtension,
)

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


class MoneySchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call] # not typed
    """Money in requests."""

    target_class = "oms.api.v1.road.fields.MoneyField"

    def map_serializer_field(self, _auto_schema: Any, _direction: Any) -> Any:
        return {
            "type": "object",
            "properties": {
                "amount": {"type": "string", "pattern": r"^-?(0|[1-9]\d{0,14})(\.\d{1,4})?$"},
                "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
            },
            "required": ["amount", "currency"],
            "additionalProperties": False,
        }


class ReferenceSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call] # not typed
    """Identifiers with their prefix."""

    target_class = "oms.api.v1.road.fields.ReferenceField"

    def map_serializer_field(self, _auto_schema: Any, _direction: Any) -> Any:
        return {"type": "string", "maxLength": 40, "pattern": f"^{self.target.prefix}"}
