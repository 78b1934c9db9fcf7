"""Reads of fulfillment points."""

from collections.abc import Collection
from uuid import UUID

from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.locations.models import ChannelPoint, FulfillmentPoint, FulfillmentPointQuerySet


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


def channel_point(*, channel_id: int, location_code: str) -> FulfillmentPoint:
    """The point a channel calls by this code. Raises PointNotFound."""
    links = ChannelPoint.objects.filter(channel_id=channel_id, location_code=location_code)
    found = links.select_related("point").first()
    if found is None:
        raise PointNotFound("The channel has no such location")
    return found.point


def location_codes(*, channel_ids: Collection[int]) -> dict[tuple[int, int], str]:
    """What channels call their points, by keys of channel and point."""
    links = ChannelPoint.objects.filter(channel_id__in=set(channel_ids))
    return {
        (channel_id, point_id): code
        for channel_id, point_id, code in links.values_list(
            "channel_id", "point_id", "location_code"
        )
    }


def points_feed(*, actor: Actor) -> FulfillmentPointQuerySet:
    """Points the actor may see, in the order they were made."""
    return FulfillmentPoint.objects.visible_to(actor).order_by("created_at", "pk")
