"""The world of the table: two points, goods at one, at both and at none, and three scenarios."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from demo.akinon import scenery, setting_up
from demo.akinon.api import Api
from demo.akinon.making import PAYMENT_OF_TRANSFERS

STOCK = (
    ("WEST", "BOTH"),
    ("EAST", "BOTH"),
    ("WEST", "WEST-ONLY"),
    ("EAST", "EAST-ONLY"),
)
UNITS = 10_000
DEFAULT_POINT = "EAST"
LATE = "NOWHERE"


def write(path: Path, skus: Sequence[str], *, shop_key: str) -> None:
    """A world file of mode A with that stock, and a key of the open API."""
    scenery.write(path, mode="a", skus=skus)
    world: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    world["stock"] = [
        {"fulfillment_point": point, "sku": sku, "on_hand": UNITS} for point, sku in STOCK
    ]
    world["clients"].append(
        {
            "organization": scenery.ORGANIZATION,
            "name": "Shop",
            "rate_limit": 0,
            "scopes": ["orders:read", "orders:write", "inventory:read", "inventory:write"],
            "credentials": [{"kind": "api_key", "key": shop_key}],
        }
    )
    path.write_text(yaml.safe_dump(world, allow_unicode=True, sort_keys=False), "utf-8")


def bring_late_goods(api: Api) -> None:
    """What nobody could serve is there now. Before anybody plans again, people may."""
    rows = api.shop("GET", "locations")["data"]
    [place] = [row["id"] for row in rows if row["code"] == DEFAULT_POINT]
    item = {"sku": LATE, "location_id": place, "delta": UNITS}
    api.shop("POST", "inventory/adjustments", {"reason": "received", "items": [item]})


def make_scenarios(api: Api) -> None:
    """Orders paid by `transfer` are brought together at one point, others may be split.

    Packages of a split order wait until the other side has acted.
    """
    default = setting_up.locations(api)[DEFAULT_POINT]
    shared = {
        "is_active": True,
        "channel_condition_type": "dynamic",
        "channels": None,
        "shipping_condition_type": "dynamic",
        "shippings": None,
        "default_stock_location": default,
    }
    rule = {
        "order": 1,
        "product_condition": "all",
        "location_conditions": ["SELECT_BY_STOCK", "SELECT_BY_PRIORITY"],
    }
    together = {**rule, "name": "Together", "allow_split": False, "is_transferable": True}
    apart = {**rule, "name": "Apart", "allow_split": True, "is_transferable": False}
    api.expect(
        "POST",
        "scenarios/",
        {
            **shared,
            "name": "Brought together",
            "priority": 1,
            "payment_condition_type": "static",
            "payments": [PAYMENT_OF_TRANSFERS],
            "rules": [together],
        },
    )
    api.expect(
        "POST",
        "scenarios/",
        {
            **shared,
            "name": "Everything else",
            "priority": 10,
            "payment_condition_type": "dynamic",
            "payments": None,
            "initial_state": "150",
            "rules": [apart],
        },
    )
    transfer = {"name": "From anywhere", "is_active": True, "priority": 1, "rules": [apart]}
    api.expect("POST", "transfer_scenarios/", {**shared, **transfer})
