"""Stock locations, as calls answer them and hooks tell them (contract 8.5, 11.3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from oms.api.akinon.rendering.values import stamp, text_or_none
from oms.locations.choices import PointType
from oms.locations.models import FulfillmentPoint

Shown = dict[str, Any]
STORE, WAREHOUSE = "store", "warehouse"
BUILT_IN_ENGINE = 1  # the stock engine that reads our own levels; there is no other
_LEVELS = ("country", "city", "township", "district")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a point elsewhere: the other side's key, its open packages, its places."""

    omnitron_id: int | None = None
    quota: int | None = None
    places: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The other side's country, city, township and district, by these words."""


NOTHING = Known()


def location(point: FulfillmentPoint, *, known: Known = NOTHING) -> Shown:
    """A stock location in full. Without what is known elsewhere, that is null."""
    return _head(point, known) | {"address": address(point, known=known)}


def simple_location(point: FulfillmentPoint, *, known: Known = NOTHING) -> Shown:
    """The same with its address as an id."""
    return _head(point, known) | {"address": point.number}


def address(point: FulfillmentPoint, *, known: Known = NOTHING) -> Shown:
    """Where it is. A point has one address, so it has the point's number."""
    line = ", ".join(part for part in (point.line1, point.line2) if part)
    names = {
        "country": point.country,
        "city": point.city,
        "township": point.district,
        "district": point.ward,
    }
    places: dict[str, Any] = {}
    for level in _LEVELS:
        places[level] = _place(level, names[level], known, within=places)
    return {
        "id": point.number,
        "title": point.name,
        "line": line,
        "postcode": text_or_none(point.postcode),
        "notes": None,
        "latitude": _degrees(point.latitude),
        "longitude": _degrees(point.longitude),
        "is_active": point.is_active,
        "mapping": None,
        **places,
    }


def _head(point: FulfillmentPoint, known: Known) -> Shown:
    return {
        "id": point.number,
        "omnitron_id": known.omnitron_id,
        "name": point.name,
        "erp_code": point.code,
        "stock_location_type": STORE if point.type == PointType.STORE else WAREHOUSE,
        "email": text_or_none(point.email),
        "fax_number": text_or_none(point.fax),
        "daytime_phone": text_or_none(point.phone),
        "evening_phone": text_or_none(point.evening_phone),
        "engine": BUILT_IN_ENGINE,
        "priority": point.priority,
        "is_active": point.is_active,
        "is_fulfillment_center": point.is_fulfillment_center,
        "is_pickup_location": point.is_pickup_location,
        "is_delivery_location": point.is_delivery_location,
        "is_return_available": point.is_return_available,
        "is_fast_delivery_available": point.is_fast_delivery_available,
        "tags": list(point.tags),
        "conf": {**point.conf, "supplier_code": text_or_none(point.supplier_code)},
        "max_quota": point.max_quota,
        "quota": known.quota,
        "created_date": stamp(point.created_at),
        "modified_date": stamp(point.updated_at),
    }


def _place(level: str, name: str, known: Known, *, within: Mapping[str, Any]) -> Shown | None:
    """A place in full; null where the point tells none. Its parent is the next wider one's key."""
    if not name:
        return None
    theirs = known.places.get(level, {})
    shown = {
        "pk": theirs.get("pk"),
        "name": theirs.get("name") or name,
        "latitude": theirs.get("latitude"),
        "longitude": theirs.get("longitude"),
        "is_active": theirs.get("is_active", True),
    }
    if level == "country":
        return shown | {"code": theirs.get("code") or name.lower()}
    parents = {"city": ("country",), "township": ("city",), "district": ("city", "township")}
    return shown | {wider: (within.get(wider) or {}).get("pk") for wider in parents[level]}


def _degrees(value: Any) -> str | None:
    return None if value is None else str(value)
