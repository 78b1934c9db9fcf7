"""What bodies name by ids of this language, found among our rows."""

from collections.abc import Sequence
from typing import Any

from catalog import queries as catalog
from channels_app import queries as channels
from channels_app.models import Channel
from oms.accounts.queries import MachineIdentity
from oms.api.nandh.errors import Refused
from oms.api.nandh.reading import refuse
from oms.kernel.actors import Actor
from oms.locations import queries as locations


def store(store_id: int | str, machine: MachineIdentity) -> Channel:
    """The channel an order came from: by its id of `/stores/list`, or by its code (4.12a.16).

    A number is an id before it is a code, a text the other way round. A machine that serves one
    channel may name no other: 403. Nobody's: 422.
    """
    by_code = channels.channel_by_code(actor=machine.actor, code=str(store_id))
    by_key = _by_key(str(store_id), machine.actor)
    found = (by_key or by_code) if isinstance(store_id, int) else (by_code or by_key)
    if found is not None:
        return found
    if machine.channel_id is not None:
        raise Refused(403, "insufficient_scope", "/store_id: the API key serves another store")
    raise refuse("/store_id", "does not exist")


def _by_key(text: str, actor: Actor) -> Channel | None:
    is_key = text.isascii() and text.isdigit() and len(text) <= 18  # noqa: PLR2004 - digits of a key
    return channels.channel_by_key(actor=actor, key=int(text)) if is_key else None


def pickup(pickup_id: int | str, *, channel_id: int, pointer: str) -> int:
    """The key of the point the channel calls so. Raises 422 unknown_location."""
    try:
        return locations.channel_point(channel_id=channel_id, location_code=str(pickup_id)).pk
    except locations.PointNotFound as exc:
        raise refuse(pointer, "does not exist", code="unknown_location") from exc


def skus(items: Sequence[dict[str, Any]], actor: Actor) -> dict[str, tuple[int | None, str]]:
    """Key and name of every item's SKU, by code; of bundles the name. Raises 422 unknown_sku."""
    codes = {item["sku"] for item in items}
    listed = catalog.skus_by_code(actor=actor, codes=codes)
    found: dict[str, tuple[int | None, str]] = {
        code: (sku.pk, sku.name) for code, sku in listed.items()
    }
    if unknown := codes - found.keys():
        bundles = catalog.bundles_by_code(actor=actor, codes=unknown)
        found |= {code: (None, bundle.name) for code, bundle in bundles.items()}
    missing = [place for place, item in enumerate(items) if item["sku"] not in found]
    if missing:
        told = ", ".join(f"/items/{place}/sku" for place in missing[:5])
        raise refuse(told, "does not exist", code="unknown_sku")
    return found
