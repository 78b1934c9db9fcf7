"""Reads of fulfillment points."""

import datetime as dt
from collections.abc import Collection
from uuid import UUID
from zoneinfo import ZoneInfo

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


def clock_of(point: FulfillmentPoint) -> ZoneInfo:
    """The zone of a point's clock: its own, else its organization's; UTC for one nobody knows."""
    try:
        return ZoneInfo(point.timezone or point.organization.timezone or "UTC")
    except (KeyError, ValueError):
        return ZoneInfo("UTC")


def cut_offs_today(*, point: FulfillmentPoint, now: dt.datetime) -> dict[str, dt.datetime]:
    """When carriers fetch today at the point, by their names in upper case; those that do not
    come today are left out. Today is the day on the point's own clock.
    """
    today = now.astimezone(clock_of(point))
    coming = point.cut_offs.filter(weekdays__contains=[today.isoweekday()]).order_by("pk")
    return {
        each.carrier.upper(): dt.datetime.combine(
            today.date(), each.time_of_day, tzinfo=today.tzinfo
        )
        for each in coming
    }
