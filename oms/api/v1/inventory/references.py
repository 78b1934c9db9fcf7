"""From the codes and ids of a body to our rows; what does not exist is named with its place."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from catalog import queries as catalog
from oms.api.v1.locations.mapping import location_uuid
from oms.api.v1.road.problems import FieldError, Problem
from oms.kernel.actors import Actor
from oms.locations import queries as locations
from oms.locations.models import FulfillmentPoint

Items = Sequence[Mapping[str, Any]]


def skus_of(items: Items, *, actor: Actor) -> dict[str, int]:
    """Keys of the items' SKUs by code. Raises 422 unknown_sku, pointing at each."""
    found = catalog.sku_ids_by_code(actor=actor, codes={item["sku"] for item in items})
    _refuse_missing("unknown_sku", "sku", items, found)
    return found


def points_of(items: Items, *, actor: Actor) -> dict[str, FulfillmentPoint]:
    """The items' locations by id. Raises 422 unknown_location, pointing at each."""
    found = points_by_id({item["location_id"] for item in items}, actor=actor)
    _refuse_missing("unknown_location", "location_id", items, found)
    return found


def point_of(location: str, *, actor: Actor) -> FulfillmentPoint:
    """The location a body names. Raises 422 unknown_location."""
    found = points_by_id({location}, actor=actor)
    if location not in found:
        raise _unknown("unknown_location", ["/location_id"])
    return found[location]


def points_by_id(ids: Collection[str], *, actor: Actor) -> dict[str, FulfillmentPoint]:
    """Those of the locations that the actor may see."""
    uuids = {text: uuid for text in ids if (uuid := location_uuid(text))}
    found = locations.points_by_public_id(actor=actor, public_ids=uuids.values())
    return {text: found[uuid] for text, uuid in uuids.items() if uuid in found}


def _refuse_missing(code: str, member: str, items: Items, found: Collection[str]) -> None:
    missing = [
        f"/items/{place}/{member}" for place, item in enumerate(items) if item[member] not in found
    ]
    if missing:
        raise _unknown(code, missing)


def _unknown(code: str, pointers: Sequence[str]) -> Problem:
    errors = [FieldError(pointer, "unknown_value", _("does not exist")) for pointer in pointers]
    return Problem(422, code, errors=errors)
