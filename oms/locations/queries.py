"""Reads of fulfillment points."""

from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.locations.models import FulfillmentPoint


class PointNotFound(errors.NotFound):
    """No such point, or not this actor's."""

    code = "point_not_found"


def get_point(*, actor: Actor, point_id: int) -> FulfillmentPoint:
    """A point by its key. Raises PointNotFound, also for somebody else's."""
    found = FulfillmentPoint.objects.visible_to(actor).filter(pk=point_id).first()
    if found is None:
        raise PointNotFound("No such fulfillment point")
    return found
