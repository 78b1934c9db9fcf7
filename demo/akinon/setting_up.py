"""What an operator sets over the API: the connection, the scenario, the hooks of Seller Center."""

from collections.abc import Mapping

from demo.akinon import scenery
from demo.akinon.api import Api
from tests.simulators.omnitron import Omnitron
from tests.simulators.seller_books import STATES
from tests.simulators.seller_center import SellerCenter

SETTINGS = "OMNITRON_CLIENT_SETTINGS"
COUNTDOWN = {"choice": "exponential", "kwargs": {"base": 2, "limit": 60}}
SYNC = "OMNITRON_SYNC_SETTINGS"
POLL_SECONDS = 10


def connect(api: Api, omnitron: Omnitron, seller_center: SellerCenter | None) -> None:
    """Mode A without a Seller Center, mode B with one."""
    value = omnitron.settings(oms_url=f"{api.base_url}/api/v1")
    if seller_center is not None:
        value["endpoint_conf"] = seller_center.endpoint_conf(
            "orders", "order", "orderitem_set", "order_items", "addresses", "cities", "districts",
            "order_item_bulk_update",
        )  # fmt: skip
    for key, told in ((SETTINGS, value), (SYNC, {"poll_seconds": POLL_SECONDS})):
        api.expect("POST", "settings/application_settings/", {"key": key, "json_value": told})


def let_in(api: Api, omnitron: Omnitron, *, total: int = 30) -> list[int]:
    """The six hooks of an installed OMS; their keys. Those of orders send a fixed token, the others
    log in before each message (contract 3.3).
    """
    header = {"Authorization": f"Token {api.log_in()}"}
    found = omnitron.whisperer.fill(api.base_url, total=total, additional_headers=header)
    auth = {
        "auth_type": "token",
        "url": f"{api.base_url}/api/v1/auth/login/",
        "username": api.username,
        "password": api.password,
    }
    hooks = omnitron.whisperer.hooks.rows
    for key in found:
        if not hooks[key]["event_type"].startswith("order."):
            hooks[key] |= {"additional_headers": {}, "config": {"auth": auth}}
    return found


def locations(api: Api) -> Mapping[str, int]:
    """Keys of the stock locations by code."""
    found = api.expect("GET", "stocklocations/list-simple/")
    rows = found["results"] if isinstance(found, dict) else found
    return {row["erp_code"]: row["id"] for row in rows}


def make_scenario(api: Api, mode: str, *, channel: int | None) -> None:
    """One for everything, or a static one for one channel."""
    conditions = ["SELECT_BY_STOCK", "SELECT_BY_PRIORITY"]
    if mode == "b":
        conditions.append("SELECT_BY_SUPPLIER_CODE")
    api.expect(
        "POST",
        "scenarios/",
        {
            "name": "Everything" if channel is None else "Marketplace",
            "is_active": True,
            "priority": 10,
            "channel_condition_type": "dynamic" if channel is None else "static",
            "channels": None if channel is None else [channel],
            "shipping_condition_type": "dynamic",
            "shippings": None,
            "payment_condition_type": "dynamic",
            "payments": None,
            "default_stock_location": locations(api)[scenery.default_place(mode).code],
            "rules": [
                {
                    "name": "From stock",
                    "order": 1,
                    "product_condition": "all",
                    "location_conditions": conditions,
                    "allow_split": True,
                    "is_transferable": False,
                }
            ],
        },
    )


def subscribe(api: Api, seller_center: SellerCenter) -> int:
    """The hooks of contract 3.2: one for creations, one per state; how many were made."""
    root = seller_center.base_url
    wanted = {"package.created": f"{root}/packages/"}
    for slug in STATES:
        wanted[f"package.status.{slug}"] = f"{root}/packages/update-status/"
    for event_type, url in wanted.items():
        api.expect(
            "POST",
            "whisperer/hooks/",
            {
                "event_type": event_type,
                "target_url": url,
                "secret_key": seller_center.secret or None,
                "additional_headers": {"Authorization": f"Token {seller_center.token}"},
                "config": {},
                "retry_countdown_config": COUNTDOWN,
            },
        )
    return len(wanted)


def static_channel(api: Api) -> int | None:
    """The channel that came into being with the first order, once it is there."""
    return next((int(row["id"]) for row in api.rows("channels/") if row["is_static"]), None)
