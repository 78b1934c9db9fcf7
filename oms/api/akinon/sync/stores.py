"""Retail stores of the other side as fulfillment points here (contract 8.5)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from channels_app.choices import RemoteKind
from channels_app.connectors.omnitron import Client
from oms.api.akinon.sync import channels, geography, keys, words
from oms.api.akinon.sync.words import DocumentUnreadable, Row
from oms.kernel.actors import Actor
from oms.locations import services as locations
from oms.locations.choices import PointType
from oms.locations.models import ChannelPoint, FulfillmentPoint

_FLAGS = {
    "is_active": "is_active",
    "is_fulfillment_center": "is_fulfillment_center",
    "is_pickup_location": "is_pickup_location",
    "click_and_collect": "is_pickup_location",
    "is_delivery_location": "is_delivery_location",
    "is_return_available": "is_return_available",
    "is_fast_delivery_available": "is_fast_delivery_available",
}
_PHONES = {"phone": ("daytime_phone", "phone_number"), "evening_phone": ("evening_phone",),
           "fax": ("fax_number",)}  # fmt: skip


def with_address(store: Row, *, organization_id: int, client: Client | None) -> dict[str, Any]:
    """A store with its address in full. Raises ConnectorError."""
    address = words.object_of(store.get("address"))
    if address is None and client is not None and (key := words.key_of(store.get("address"))):
        address = client.one("addresses", key)
    full = dict(store)
    if address is not None:
        full["address"] = geography.expanded(
            address, organization_id=organization_id, client=client
        )
    return full


@transaction.atomic
def take_store(
    *, organization_id: int, store: Row, actor: Actor, now: dt.datetime
) -> FulfillmentPoint:
    """Make or change the point of a store, found by the other side's key, else by its `erp_code`.

    What the store does not tell stays as it is; the quota is never touched. An older copy changes
    nothing. Every channel of the other side is served by a new point. Raises DocumentUnreadable.
    """
    key, code = words.key_of(store), words.text(store.get("erp_code"), 64)
    if not key or not code:
        raise DocumentUnreadable("pk or erp_code is missing", member="erp_code")
    told = store.get("modified_date")
    modified_at = words.instant(told, "modified_date") if told else now
    known = keys.one(organization_id=organization_id, kind=RemoteKind.STORE, key=key)
    point = _find(organization_id, known.local_id if known else None, code)
    if point and known and known.modified_at and known.modified_at > modified_at:
        return point
    is_new = point is None
    if point is None:
        point = FulfillmentPoint(organization_id=organization_id, code=code, type=PointType.STORE)
    changed = _fill(point, store, code)
    if is_new or changed:
        point.save()
        _tell(point, changed, is_new=is_new, actor=actor, now=now)
    if is_new:
        _link(point)
    keys.remember(
        organization_id=organization_id,
        kind=RemoteKind.STORE,
        key=key,
        local_id=point.pk,
        local_code=code,
        modified_at=modified_at,
    )
    return point


def _find(organization_id: int, point_id: int | None, code: str) -> FulfillmentPoint | None:
    mine = FulfillmentPoint.objects.select_for_update(of=("self",)).filter(
        organization_id=organization_id
    )
    found = mine.filter(pk=point_id).first() if point_id is not None else None
    return found or mine.filter(code=code).first()


def _fill(point: FulfillmentPoint, store: Row, code: str) -> list[str]:
    """Write what the store tells; the names of what is different."""
    values: dict[str, object] = {"code": code, "name": words.text(store.get("name"), 255) or code}
    for said, column in _FLAGS.items():
        if isinstance(store.get(said), bool):
            values[column] = store[said]
    for column, names in _PHONES.items():
        phone = next((words.text(store[name], 32) for name in names if store.get(name)), None)
        if phone is not None:
            values[column] = phone
    if store.get("email") is not None:
        values["email"] = words.text(store["email"], 254)
    if isinstance(store.get("priority"), int):
        values["priority"] = store["priority"]
    values |= _conf(point, store) | _address(store)
    changed = {name: value for name, value in values.items() if getattr(point, name) != value}
    for name, value in changed.items():
        setattr(point, name, value)
    return sorted(changed)


def _conf(point: FulfillmentPoint, store: Row) -> dict[str, object]:
    conf = words.object_of(store.get("conf"))
    if not conf:
        return {}
    values: dict[str, object] = {"conf": {**point.conf, **conf}}
    code = words.text(conf.get("supplier_code"), 64)
    if code and not _is_taken(point, code):
        values["supplier_code"] = code
    return values


def _is_taken(point: FulfillmentPoint, code: str) -> bool:
    """One active point ships for a seller (contract 4); a store cannot take that from another."""
    others = FulfillmentPoint.objects.filter(
        organization_id=point.organization_id, supplier_code=code, is_active=True
    )
    return others.exclude(pk=point.pk).exists()


def _address(store: Row) -> dict[str, object]:
    address = words.object_of(store.get("address"))
    if not address:
        return {}
    place = {name: words.object_of(address.get(name)) or {} for name, *_ in geography.LEVELS}
    country = place["country"]
    values: dict[str, object] = {
        "line1": words.text(address.get("line"), 255),
        "postcode": words.text(address.get("postcode"), 32),
        "country": words.text(country.get("code"), 64).upper()
        or words.text(country.get("name"), 64),
        "city": words.text(place["city"].get("name"), 255),
        "district": words.text(place["township"].get("name"), 255),
        "ward": words.text(place["district"].get("name"), 255),
    }
    latitude = words.amount(address.get("latitude"), "latitude")
    longitude = words.amount(address.get("longitude"), "longitude")
    if latitude is not None and longitude is not None:
        values |= {"latitude": round(latitude, 6), "longitude": round(longitude, 6)}
    return values


def _link(point: FulfillmentPoint) -> None:
    ChannelPoint.objects.bulk_create(
        ChannelPoint(channel=channel, point=point, location_code=point.code)
        for channel in channels.remote_channels(point.organization_id)
    )


def _tell(
    point: FulfillmentPoint, changed: Sequence[str], *, is_new: bool, actor: Actor, now: dt.datetime
) -> None:
    """That a point is new, or which of its columns are."""
    if is_new:
        locations.tell_made([point], actor=actor, now=now)
    else:
        locations.tell_changed({point: changed}, actor=actor, now=now)
