"""The world of a run: a brand with its own points, or a marketplace with a point per seller.

The passwords are meant to be seen; never use this for a real installation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

Entry = dict[str, object]

ORGANIZATION = "AKINON"
CHANNEL = "SHOP"
REMOTE_CHANNEL = 1
USERNAME, PASSWORD = "akinon-staff", "demo-secret-of-staff"
SIGNATURE_KEY = "seller-center-signs"
PLENTY = 100_000
CARRIER = "SWIFT"
UNKNOWN_SELLER = "S-UNKNOWN"


@dataclass(frozen=True, slots=True)
class Place:
    """A point; `supplier_code` ties it to a seller."""

    code: str
    priority: int
    supplier_code: str = ""


OWN_PLACES = (Place("WEST", 10), Place("EAST", 20))
SELLER_PLACES = (
    Place("HUB", 30),
    Place("NORTH", 10, "S-NORTH"),
    Place("SOUTH", 20, "S-SOUTH"),
)


def places(mode: str) -> Sequence[Place]:
    """The last resort is the last of mode A and the first of mode B: `default_place`."""
    return OWN_PLACES if mode == "a" else SELLER_PLACES


def default_place(mode: str) -> Place:
    """Where a scenario puts what nobody can serve."""
    return OWN_PLACES[-1] if mode == "a" else SELLER_PLACES[0]


def sellers(mode: str) -> list[str]:
    """What stands on lines of orders; the marketplace has goods of its own as well."""
    if mode == "a":
        return [""]
    return [place.supplier_code for place in SELLER_PLACES for _ in range(10)] + [UNKNOWN_SELLER]


def write(path: Path, *, mode: str, skus: Sequence[str]) -> None:
    """A world file. Each third SKU of mode A is at one of the two points only."""
    told: dict[str, object] = {
        "users": [{"username": "admin", "password": "admin", "superuser": True}],
        "organizations": [
            {
                "code": ORGANIZATION,
                "name": "Goods of Akinon",
                "currency": "TRY",
                "country": "TR",
                "timezone": "Europe/Istanbul",
            }
        ],
        "fulfillment_points": [_point(place) for place in places(mode)],
        "skus": [_sku(code) for code in skus],
        "stock": [entry for place in places(mode) for entry in _stock(place, mode, skus)],
        "clients": [
            {
                "organization": ORGANIZATION,
                "name": "Staff",
                "rate_limit": 0,
                "credentials": [{"kind": "login", "username": USERNAME, "password": PASSWORD}],
            }
        ],
    }
    if mode == "a":
        told["channels"] = [_channel()]
    path.write_text(yaml.safe_dump(told, allow_unicode=True, sort_keys=False), "utf-8")


def _point(place: Place) -> Entry:
    entry: Entry = {
        "organization": ORGANIZATION,
        "code": place.code,
        "name": place.code.title(),
        "type": "GENERAL",
        "priority": place.priority,
        "address": {"line1": "1 Sample Yard", "city": "Ankara", "country": "TR"},
        "carriers": [CARRIER],
    }
    if place.supplier_code:
        entry["supplier_code"] = place.supplier_code
    return entry


def _sku(code: str) -> Entry:
    return {
        "organization": ORGANIZATION,
        "code": code,
        "name": code,
        "brand_code": ORGANIZATION,
        "brand_sku_code": code,
    }


def _stock(place: Place, mode: str, skus: Sequence[str]) -> list[Entry]:
    entries: list[Entry] = []
    for number, code in enumerate(skus):
        if mode == "a" and number % 3 == 0 and (number % 2 == 0) == (place.code == "WEST"):
            continue
        entries.append({"fulfillment_point": place.code, "sku": code, "on_hand": PLENTY})
    return entries


def _channel() -> Entry:
    return {
        "organization": ORGANIZATION,
        "code": CHANNEL,
        "name": "Shop",
        "type": "OMNITRON",
        "fulfillment_points": [place.code for place in OWN_PLACES],
        "delivery": "OWN_CARRIER",
        "connector": {"pk": REMOTE_CHANNEL},
    }
