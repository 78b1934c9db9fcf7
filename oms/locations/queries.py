"""Reads of fulfillment points."""

from collections.abc import Collection
from uuid import UUID

from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.locations.models import FulfillmentPoint, FulfillmentPointQuerySet


class PointNotFound(errors.NotFound):
    """No such point, or not this actor's."""

    code = "point_not_found"


def get_point(*, actor: Actor, point_id: int) -> FulfillmentPoint:
    """A point by its key. Raises PointNotFound, also for somebody else's."""
    found = FulfillmentPoint.objects.visible_to(actor).filter(pk=point_id).first()
    if found is None:
        raise PointNotFound("No such fulfillment point")
    return found


def point_by_public_id(*, actor: Actor, public_id: UUID | None) -> FulfillmentPoint:
    """A point by its public id, None being nobody's. Raises PointNotFound, as `get_point`."""
    known = [public_id] if public_id else []
    found = FulfillmentPoint.objects.visible_to(actor).filter(public_id__in=known).first()
    if found is None:
        raise PointNotFound("No such fulfillment point")
    return found


def points_by_public_id(
    *, actor: Actor, public_ids: Collection[UUID]
) -> dict[UUID, FulfillmentPoint]:
    """Those of the points that the actor may see."""
    found = FulfillmentPoint.objects.visible_to(actor).filter(public_id__in=set(public_ids))
    return {point.public_id: point for point in found}


def points_feed(*, actor: Actor) -> FulfillmentPointQuerySet:
    """Points the actor may see, in the order they were made."""
    return FulfillmentPoint.objects.visible_to(actor).order_by("created_at", "pk")
