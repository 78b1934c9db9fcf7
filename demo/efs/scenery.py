"""The world of a run: a shop whose depot is run by an external system, and one for the kit.

The keys are meant to be seen; never use this for a real installation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from demo import retail

Entry = dict[str, object]
Section = dict[str, list[Entry]]

SECRET = "demo-secret"  # noqa: S105 everybody may know it
EFS_CHANNEL = "EFS"
EFS_EVENTS = [
    "SUBORDER_CREATE",
    "SUBORDER_PARTIAL_CANCEL",
    "SUBORDER_CANCEL",
    "SUBORDER_COMPLETE",
    "SUBORDER_PROPERTIES_UPDATE",
    "PACKED",
]
RETURN_EVENTS = [
    "RETURN_ORDER_CREATE",
    "RETURN_ORDER_UPDATE",
    "RETURN_ORDER_CANCEL",
    "RETURN_ORDER_PARTIAL_CANCEL",
    "RETURN_ORDER_COMPLETE",
]


@dataclass(frozen=True, slots=True)
class Tenant:
    """One organization: its codes, its keys, and where its external system listens."""

    code: str
    currency: str
    country: str
    timezone: str
    mailroom: str
    api_key: str
    static_headers: tuple[tuple[str, str], ...] = ()
    is_unlimited: bool = True

    @property
    def user(self) -> str:
        return f"{self.code}-{EFS_CHANNEL}-1"

    @property
    def shop(self) -> str:
        return f"{self.code}-SHOP"

    @property
    def location(self) -> str:
        """The depot as the external system calls it."""
        return f"{self.code}-EFS-DEPOT"

    @property
    def closed_location(self) -> str:
        """One that another external system runs."""
        return f"{self.code}-EFS-OTHER"


def efs_code(sku_code: str) -> str:
    """What the external system calls a SKU."""
    return f"EF-{sku_code}"


def barcode(place: int) -> str:
    """A made-up bar code."""
    return f"29{place:011d}"


def write(path: Path, tenants: Sequence[tuple[Tenant, Sequence[tuple[str, str]]]]) -> None:
    """A world file of organizations, each with its SKUs: code and name."""
    told: Section = {"users": [{"username": "admin", "password": "admin", "superuser": True}]}
    for tenant, skus in tenants:
        for name, entries in _sections(tenant, skus).items():
            told.setdefault(name, []).extend(entries)
    path.write_text(yaml.safe_dump(told, allow_unicode=True, sort_keys=False), "utf-8")


def _sections(tenant: Tenant, skus: Sequence[tuple[str, str]]) -> Section:
    owner: Entry = {"organization": tenant.code}
    address = {"line1": "1 Sample Yard", "city": "Sampleton", "country": tenant.country}
    return {
        "organizations": [
            {
                "code": tenant.code,
                "name": f"Goods of {tenant.code}",
                "currency": tenant.currency,
                "country": tenant.country,
                "timezone": tenant.timezone,
            }
        ],
        "fulfillment_points": [
            {
                **owner,
                "code": f"{tenant.code}-{name}",
                "name": name.title(),
                "type": "GENERAL",
                "address": address,
                "carriers": ["SWIFT"],
            }
            for name in ("DEPOT", "OTHER")
        ],
        "channels": _channels(tenant, owner),
        "skus": [
            {
                **owner,
                "code": code,
                "name": name,
                "brand_code": retail.BRAND,
                "brand_sku_code": code,
                "barcodes": [barcode(place)],
            }
            for place, (code, name) in enumerate(skus, 1)
        ],
        "clients": _clients(tenant, owner),
        "endpoints": _endpoints(tenant, owner),
    }


def _channels(tenant: Tenant, owner: Entry) -> list[Entry]:
    depot, other = f"{tenant.code}-DEPOT", f"{tenant.code}-OTHER"
    return [
        {
            **owner,
            "code": tenant.shop,
            "name": "Gift Shop",
            "type": "GENERAL",
            "fulfillment_points": [depot],
            "delivery": "CHANNEL_CARRIER_MULTI",
        },
        {
            **owner,
            "code": f"{tenant.code}-{EFS_CHANNEL}",
            "name": "Depot's system",
            "type": "EFS",
            "fulfillment_points": [depot],
            "location_codes": {depot: tenant.location},
        },
        {
            **owner,
            "code": f"{tenant.code}-{EFS_CHANNEL}2",
            "name": "Another system",
            "type": "EFS",
            "fulfillment_points": [other],
            "location_codes": {other: tenant.closed_location},
        },
    ]


def _clients(tenant: Tenant, owner: Entry) -> list[Entry]:
    efs: Entry = {
        **owner,
        "name": f"{tenant.code} depot's system",
        "channel": f"{tenant.code}-{EFS_CHANNEL}",
        "credentials": [{"kind": "increff", "username": tenant.user, "password": SECRET}],
    }
    if tenant.is_unlimited:
        efs["rate_limit"] = 0
    shop: Entry = {
        **owner,
        "name": f"{tenant.code} shop",
        "rate_limit": 0,
        "scopes": ["orders:read", "orders:write", "returns:read", "returns:write"],
        "credentials": [{"kind": "api_key", "key": tenant.api_key}],
    }
    return [efs, shop]


def _endpoints(tenant: Tenant, owner: Entry) -> list[Entry]:
    return [
        {
            **owner,
            "name": f"{tenant.code} {name}",
            "client": f"{tenant.code} depot's system",
            "url": f"{tenant.mailroom}/{name}",
            "format": "increff",
            "events": events,
            "headers": dict(tenant.static_headers),
            "get_credential_url": f"{tenant.mailroom}/credential",
            "ordered": True,
            "allow_private_network": True,
            "max_in_flight": 10,
            "rate": 200,
        }
        for name, events in (("orders", EFS_EVENTS), ("returns", RETURN_EVENTS))
    ]
