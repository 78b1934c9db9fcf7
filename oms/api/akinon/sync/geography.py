"""Countries, cities, townships and districts: read once, kept by their keys (contract 1.4)."""

from collections.abc import Mapping
from typing import Any

from channels_app.choices import RemoteKind
from channels_app.connectors.omnitron import Client
from oms.api.akinon.sync import keys, words
from oms.api.akinon.sync.words import Row

# From the widest to the narrowest: the member of an address, its endpoint and our kind.
LEVELS = (
    ("country", "countries", RemoteKind.COUNTRY),
    ("city", "cities", RemoteKind.CITY),
    ("township", "townships", RemoteKind.TOWNSHIP),
    ("district", "districts", RemoteKind.DISTRICT),
)
_KEPT = ("pk", "name", "code", "is_active", "latitude", "longitude", "country", "city", "township")


def expanded(address: Row, *, organization_id: int, client: Client | None) -> dict[str, Any]:
    """An address with its places in full. Places nobody knows are read, where there is a client.

    Raises ConnectorError.
    """
    full = dict(address)
    for member, endpoint, kind in LEVELS:
        told = words.object_of(address.get(member))
        if told and told.get("name"):
            _keep(told, kind, organization_id)
            full[member] = told
        elif key := words.key_of(address.get(member)):
            full[member] = _place(key, endpoint, kind, organization_id, client)
    return full


def copy(*, organization_id: int, client: Client) -> dict[str, int]:
    """Read every place there is; how many of each. Raises ConnectorError."""
    counted = {}
    for member, endpoint, kind in LEVELS:
        counted[member] = 0
        for page in client.pages(endpoint, limit=100):
            for row in page:
                _keep(row, kind, organization_id)
            counted[member] += len(page)
    return counted


def _place(
    key: str, endpoint: str, kind: RemoteKind, organization_id: int, client: Client | None
) -> Mapping[str, Any]:
    held = keys.one(organization_id=organization_id, kind=kind, key=key)
    if held is not None:
        data: Mapping[str, Any] = held.data
        return data
    found = client.one(endpoint, key) if client else None
    if found is None:
        return {"pk": key, "name": ""}
    return _keep(found, kind, organization_id)


def _keep(place: Row, kind: RemoteKind, organization_id: int) -> Mapping[str, Any]:
    """Keep what others need of a place; parents by their keys."""
    data = {name: place[name] for name in _KEPT if name in place}
    for parent in ("country", "city", "township"):
        if words.object_of(data.get(parent)):
            data[parent] = data[parent].get("pk")
    key = words.key_of(place)
    if key:
        keys.remember(
            organization_id=organization_id,
            kind=kind,
            key=key,
            local_code=words.text(place.get("name"), 255),
            data=data,
        )
    return data
