"""The sections of a world file and what may stand in them."""

from catalog.choices import ListingStatus
from channels_app.choices import ChannelType, DeliveryScenario, StockPolicy
from fulfillment.choices import ScenarioKind
from oms.backoffice.world import rules
from oms.backoffice.world.places_of_points import calendar, degrees
from oms.backoffice.world.shapes import (
    Reader,
    Shape,
    anything,
    boolean,
    choice,
    integer,
    json_object,
    nullable,
    number,
    records,
    text,
    text_map,
    texts,
)
from oms.events.choices import EndpointFormat
from oms.locations.choices import PointType

STATE: Reader = choice(("present", "absent"))
_code, _name, _blank = text(64), text(255), text(255, null="")

CREDENTIAL = Shape(
    key=("kind",),
    fields={
        "kind": choice(("oms4", "increff", "token", "login", "api_key", "oauth2")),
        "key": text(128),
        "secret": text(512),
        "username": text(128),
        "password": text(512),
        "domain": nullable(text(128)),
        "token": text(512),
        "client_id": text(128),
        "client_secret": text(512),
        "state": STATE,
    },
)

PART = Shape(
    key=("sku",),
    fields={"sku": text(128), "quantity": integer(least=1), "weight": number},
)

SECTIONS: dict[str, Shape] = {
    "organizations": Shape(
        key=("code",),
        fields={
            "code": _code,
            "name": _name,
            "currency": text(3),
            "country": text(2),
            "timezone": text(64, null="UTC"),
            "is_test": boolean,
            "state": STATE,
        },
    ),
    "fulfillment_points": Shape(
        key=("code", "organization"),
        fields={
            "code": _code,
            "organization": _code,
            "name": _name,
            "type": choice(PointType),
            "address": Shape(
                key=(),
                fields={
                    "line1": _blank,
                    "line2": _blank,
                    "ward": _blank,
                    "district": _blank,
                    "city": _blank,
                    "state": _blank,
                    "postcode": text(32, null=""),
                    "country": text(64, null=""),
                },
            ),
            "phone": text(32, null=""),
            "timezone": text(64, null=""),
            "priority": integer(),
            "carriers": texts(255),
            "accept_within": nullable(integer(least=1)),
            "capacity": Shape(key=(), fields={"max_quota": nullable(integer(least=0))}),
            "supplier_code": text(64, null=""),
            "email": text(254, null=""),
            "latitude": nullable(degrees),
            "longitude": nullable(degrees),
            "tags": texts(64),
            "conf": json_object,
            "calendar": nullable(calendar),
            "is_fulfillment_center": boolean,
            "is_pickup_location": boolean,
            "is_delivery_location": boolean,
            "is_return_available": boolean,
            "is_fast_delivery_available": boolean,
            "is_active": boolean,
            "state": STATE,
        },
    ),
    "channels": Shape(
        key=("code", "organization"),
        fields={
            "code": _code,
            "organization": _code,
            "name": _name,
            "type": choice(ChannelType),
            "fulfillment_points": texts(64),
            "location_codes": text_map(64),
            "stock_policy": choice(StockPolicy),
            "delivery": choice(DeliveryScenario),
            "connector": json_object,
            "is_active": boolean,
            "state": STATE,
        },
    ),
    "sellers": Shape(
        key=("code", "organization"),
        fields={
            "code": _code,
            "organization": _code,
            "name": _name,
            "supplier_code": _code,
            "state": STATE,
        },
    ),
    "skus": Shape(
        key=("organization", "code"),
        fields={
            "organization": _code,
            "code": text(128),
            "name": _blank,
            "brand_code": text(128, null=""),
            "brand_sku_code": text(128, null=""),
            "barcodes": texts(64),
            "weight_g": nullable(integer(least=0)),
            "tags": texts(64),
            "state": STATE,
        },
    ),
    "bundles": Shape(
        key=("organization", "code"),
        fields={
            "organization": _code,
            "code": text(128),
            "name": _blank,
            "is_active": boolean,
            "parts": records(PART),
            "state": STATE,
        },
    ),
    "listings": Shape(
        key=("channel", "channel_sku_code"),
        fields={
            "organization": _code,
            "channel": _code,
            "sku": nullable(text(128)),
            "bundle": nullable(text(128)),
            "channel_sku_code": text(128),
            "channel_serial_no": text(128, null=""),
            "seller_sku_code": text(128, null=""),
            "status": choice(ListingStatus),
            "state": STATE,
        },
    ),
    "stock": Shape(
        key=("fulfillment_point", "sku"),
        fields={
            "organization": _code,
            "fulfillment_point": _code,
            "sku": text(128),
            "on_hand": nullable(integer(least=0)),
            "safety": integer(least=0),
            "state": STATE,
        },
    ),
    "clients": Shape(
        key=("name", "organization"),
        fields={
            "name": _name,
            "organization": _code,
            "channel": nullable(_code),
            "fulfillment_point": nullable(_code),
            "scopes": texts(64),
            "rate_limit": nullable(number),
            "preferences": json_object,
            "is_active": boolean,
            "credentials": records(CREDENTIAL),
            "state": STATE,
        },
    ),
    "endpoints": Shape(
        key=("name",),
        fields={
            "name": _name,
            "organization": _code,
            "client": nullable(_name),
            "url": text(2048),
            "format": choice(EndpointFormat),
            "events": texts(80),
            "secret": text(512),
            "headers": text_map(4096),
            "get_credential_url": nullable(text(2048)),
            "config": json_object,
            "retry_countdown_config": json_object,
            "ordered": boolean,
            "allow_private_network": boolean,
            "max_in_flight": integer(least=1),
            "rate": number,
            "state": STATE,
        },
    ),
    "scenarios": Shape(
        key=("code", "organization"),
        fields={
            "code": _code,
            "organization": _code,
            "name": _name,
            "description": text(10_000, null=""),
            "kind": choice(ScenarioKind),
            "priority": integer(),
            "is_active": boolean,
            "rules": rules.read,
            "state": STATE,
        },
    ),
    "settings": Shape(
        key=("key", "organization"),
        fields={
            "organization": _code,
            "key": text(128),
            "value": anything,
            "state": STATE,
        },
    ),
    "users": Shape(
        key=("username",),
        fields={
            "username": text(150),
            "password": text(128),
            "superuser": boolean,
            "staff": boolean,
            "organizations": texts(64),
            "state": STATE,
        },
    ),
}
