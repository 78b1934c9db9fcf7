"""Locations as the wire shows them."""

from collections.abc import Sequence

from oms.api.v1.locations import mapping
from oms.locations.choices import PointType
from oms.locations.models import FulfillmentPoint

Body = dict[str, object]


def locations(rows: Sequence[FulfillmentPoint]) -> list[Body]:
    """A page of them."""
    return [location(row) for row in rows]


def location(row: FulfillmentPoint) -> Body:
    """One location."""
    return {
        "id": mapping.location_id(row.public_id),
        "code": row.code,
        "name": row.name,
        "type": mapping.TYPE_OUT[PointType(row.type)],
        "address": address(row),
        "active": row.is_active,
    }


def address(row: FulfillmentPoint) -> Body:
    """Where it is; what nobody entered is left out.

    A point has a city and perhaps a state. The larger of them is the province; a city within a
    state stands where its district would.
    """
    district = row.district or (row.city if row.state else "")
    members = {
        "phone": row.phone,
        "line2": row.line2,
        "ward": row.ward,
        "district": district,
        "province": row.state or row.city,
        "postal_code": row.postcode,
    }
    return {
        "full_name": row.name,
        "line1": row.line1,
        "country": row.country,
        **{name: value for name, value in members.items() if value},
    }
