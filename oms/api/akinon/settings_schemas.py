"""The application settings of this language: a JSON Schema per key (contract 1.1, 1.2, 4, 5.1, 10).

Members the contract does not name are kept. Secrets are marked `writeOnly`.
"""

from collections.abc import Mapping
from typing import Any

from oms.accounts import app_settings
from oms.accounts.app_settings import SettingKind

CLIENT = "OMNITRON_CLIENT_SETTINGS"
SYNC = "OMNITRON_SYNC_SETTINGS"
FILTER_RULES = "ORDER_FILTER_RULES"
SUPPLIER_CODE_FIELD = "SUPPLIER_CODE_FIELD"
REQUIRE_STATIC_CHANNEL = "REQUIRE_STATIC_CHANNEL"
SHIPPING = "SHIPPING_SETTINGS"
GEOCODE = "GEOCODE_PROVIDER_SETTINGS"
TRADE_IN = "IS_TRADEIN_ENABLED"

Schema = dict[str, Any]

_URL = "^https?://[^\\s/?#]+[^\\s?#]*$"
SUPPLIER_CODE_FIELDS = ["attributes.supplier_code", "extra_field.supplier_code"]
OPERATORS = ["eq", "ne", "in", "not_in", "gt", "gte", "lt", "lte", "exists"]


def _text(title: str, **more: Any) -> Schema:
    return {"type": "string", "title": title, **more}


def _object(properties: Mapping[str, Schema], *required: str, **more: Any) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        **more,
    }


def _url(title: str, description: str = "") -> Schema:
    return _text(title, pattern=_URL, maxLength=2048, description=description)


_SECONDS: Schema = {"type": "number", "exclusiveMinimum": 0}
_ENDPOINT = _object(
    {
        "endpoint": _text(
            "Endpoint",
            minLength=1,
            maxLength=64,
            description="order_item_bulk_update, orders, orderitem_set, cities, districts ...",
        ),
        "base_url": _url("Root", "Used for this endpoint only"),
        "auth": _object(
            {"token": _text("Token", minLength=1, maxLength=4096, writeOnly=True)},
            "token",
            title="Credentials",
        ),
        "path": _text("Path", maxLength=512, description="Replaces the usual one"),
        "method": _text("Method", enum=["GET", "POST", "PUT", "PATCH"]),
    },
    "endpoint",
    "base_url",
    "auth",
)
CLIENT_SCHEMA = _object(
    {
        "auth": _object(
            {
                "username": _text("User name", minLength=1, maxLength=255),
                "password": _text("Password", minLength=1, maxLength=1024, writeOnly=True),
            },
            "username",
            "password",
            title="Account",
        ),
        "urls": _object(
            {
                "base_url": _url("Omnitron's API", "https://omnitron.example/api/v1"),
                "oms_url": _url("This OMS as seen from there", "https://oms.example/api/v1"),
            },
            "base_url",
            "oms_url",
            title="Addresses",
        ),
        "timeouts": _object(
            {
                "read": {**_SECONDS, "title": "Read", "description": "Seconds, cut to 300"},
                "connect": {**_SECONDS, "title": "Connect", "description": "Seconds, cut to 60"},
            },
            "read",
            "connect",
            title="Time limits",
        ),
        "endpoint_conf": {
            "type": "array",
            "title": "Endpoints elsewhere",
            "description": "Each has its own root and token; nobody logs in for it",
            "items": _ENDPOINT,
            "maxItems": 64,
            "x-key": "endpoint",
        },
    },
    "auth",
    "urls",
    "timeouts",
)

_STATUSES: Schema = {"type": "array", "items": {"type": ["integer", "string"]}, "maxItems": 50}
_WORDS: Schema = {"type": "object", "additionalProperties": {"type": ["string", "null"]}}
SYNC_SCHEMA = _object(
    {
        "poll_seconds": {"type": "number", "minimum": 5, "title": "Ask for orders every (seconds)"},
        "overlap_seconds": {"type": "number", "minimum": 0, "title": "Look back (seconds)"},
        "page_size": {"type": "integer", "minimum": 1, "maximum": 1000, "title": "Page size"},
        "checks_order_status": {
            "type": "boolean",
            "title": "Take in only orders from 400 up to 500",
            "default": True,
        },
        "skipped_item_statuses": {**_STATUSES, "title": "Items that are skipped"},
        "cancelling_item_statuses": {**_STATUSES, "title": "Items that are cancelled"},
        "item_statuses": {**_WORDS, "title": "Status told for each of our events"},
        "payment_methods": {**_WORDS, "title": "Payment method of each slug"},
        "inbound_secret": _text(
            "Secret of their hooks",
            minLength=8,
            maxLength=255,
            writeOnly=True,
            description="Checked where a message is signed; lets in hooks without a token",
        ),
    }
)

_CONDITION = _object(
    {
        "field": _text(
            "Member", minLength=1, maxLength=255, description="Dotted path into the order"
        ),
        "op": _text("Comparison", enum=OPERATORS),
        "value": {"title": "Value"},
    },
    "field",
    "op",
)
_RULE = _object(
    {
        "name": _text("Name", minLength=1, maxLength=255),
        "is_active": {"type": "boolean", "title": "Active", "default": True},
        "action": _text("What happens", enum=["include", "exclude"]),
        "conditions": {
            "type": "array",
            "title": "Conditions",
            "description": "All must hold",
            "items": _CONDITION,
            "maxItems": 32,
        },
    },
    "name",
    "action",
    "conditions",
)

_SHIPPING = _object(
    {
        "id": {"type": "integer", "title": "Number"},
        "omnitron_id": {"type": ["integer", "null"], "title": "Cargo company in Omnitron"},
        "name": _text("Name", minLength=1, maxLength=255),
        "erp_code": _text("ERP code", minLength=1, maxLength=128),
        "shipping_company": _text("Carrier", minLength=1, maxLength=64),
        "is_active": {"type": "boolean", "title": "Active", "default": True},
        "conf": _object(
            {
                "base_url": _url("Carrier extension"),
                "username": _text("User name", maxLength=255),
                "password": _text("Password", maxLength=1024, writeOnly=True),
                "credentials_identifier": _text("Credentials", maxLength=255),
                "origin_id": _text("Origin", maxLength=255),
                "label_format": _text("Label format", maxLength=32),
                "query_interval_minutes": {"type": "integer", "minimum": 1, "title": "Ask every"},
                "with_payment": {"type": "boolean", "title": "Pay on delivery"},
            },
            title="Connection",
        ),
    },
    "name",
    "erp_code",
    "shipping_company",
)

KINDS: tuple[SettingKind, ...] = (
    SettingKind(
        key=CLIENT,
        title="Connection to Omnitron and Seller Center",
        help="Endpoints named here use their own root and token; all others log in to Omnitron",
        schema=CLIENT_SCHEMA,
    ),
    SettingKind(
        key=SYNC,
        title="How orders are copied and statuses told",
        help="What the connector does where Akinon's documents leave it open",
        schema=SYNC_SCHEMA,
        default={},
    ),
    SettingKind(
        key=FILTER_RULES,
        title="Which orders are taken in",
        help="Tried in order, the first match decides; no match takes the order in",
        schema={
            "type": "array",
            "title": "Rules",
            "items": _RULE,
            "maxItems": 200,
            "x-key": "name",
        },
        default=[],
    ),
    SettingKind(
        key=SUPPLIER_CODE_FIELD,
        title="Where an order item names its seller",
        help="Dotted paths into the order item, tried in order",
        schema={
            "type": ["string", "array"],
            "title": "Members",
            "items": _text("Member", minLength=1, maxLength=255),
            "minLength": 1,
            "maxItems": 16,
        },
        default=SUPPLIER_CODE_FIELDS,
    ),
    SettingKind(
        key=REQUIRE_STATIC_CHANNEL,
        title="Orders of Seller Center need a scenario that names their channel",
        schema={"type": "boolean", "title": "Required"},
        default=True,
    ),
    SettingKind(
        key=SHIPPING,
        title="Shipping companies",
        help="Which carrier extension is asked for which of Omnitron's cargo companies",
        schema={
            "type": "array",
            "title": "Companies",
            "items": _SHIPPING,
            "maxItems": 200,
            "x-key": "erp_code",
        },
        default=[],
    ),
    SettingKind(
        key=GEOCODE,
        title="Geocoding",
        schema={"type": "object", "title": "Provider"},
        default={},
    ),
    SettingKind(
        key=TRADE_IN,
        title="Trade-in",
        schema={"type": "boolean", "title": "Enabled"},
        default=False,
    ),
)


def register() -> None:
    """Make the keys known, so that whoever sets one is checked by its schema."""
    for kind in KINDS:
        app_settings.register(kind)
