"""What calls about shipments name, found by its id on the wire."""

from dataclasses import dataclass
from uuid import UUID

from fulfillment import queries
from fulfillment.models import Parcel
from oms.api.v1.orders import reads as orders
from oms.api.v1.road import identifiers
from oms.api.v1.road.problems import FieldError, Problem
from oms.api.v1.shipments import rendering
from oms.kernel.actors import Actor
from oms.locations.models import FulfillmentPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderHead:
    """What a new shipment needs of its order: line ids on the wire end in public numbers."""

    public_id: UUID
    currency: str
    lines: dict[str, int]


def shipment(text: str, actor: Actor) -> Parcel:
    """One shipment by its id on the wire. Raises ParcelNotFound."""
    number = identifiers.number_of("shp_", text)
    found = None if number is None else queries.get_shipment(number=number, actor=actor)
    if found is None or rendering.identifier(found) != text:
        raise queries.ParcelNotFound("No such shipment")
    return found


def order_head(text: str, actor: Actor) -> OrderHead:
    """The order of a new shipment. Raises OrderNotFound."""
    found = orders.order(text, actor)
    placed_at = identifiers.moment_of(found.public_id)
    return OrderHead(
        public_id=found.public_id,
        currency=found.currency,
        lines={
            identifiers.of_number("oli_", line.number, placed_at): line.number
            for line in found.lines.all()
        },
    )


def point_id(text: str, actor: Actor) -> int:
    """The key of a location. Raises 422 unknown_location."""
    key = identifiers.uuid_of("loc_", text)
    seen = FulfillmentPoint.objects.visible_to(actor).filter(public_id=key) if key else None
    found = seen.values_list("pk", flat=True).first() if seen is not None else None
    if found is None:
        raise Problem(422, "unknown_location", errors=[FieldError("/location_id", "unknown_value")])
    return found
