"""Their words for locations, and ours."""

from uuid import UUID

from oms.api.v1.road import identifiers
from oms.locations.choices import PointType

PREFIX = "loc_"
TYPE_OUT = {
    PointType.GENERAL: "warehouse",
    PointType.STORE: "store",
    PointType.EXTERNAL: "third_party",
}


def location_id(public_id: UUID) -> str:
    """`loc_...`"""
    return identifiers.of_uuid(PREFIX, public_id)


def location_uuid(text: str) -> UUID | None:
    """The public id in a text; None when it is no location's."""
    return identifiers.uuid_of(PREFIX, text)
