"""Refusals of the feed, as problems."""

from oms.api.v1.road.problems import Translation, register
from oms.events.feed import FeedPlaceUnknown

register({FeedPlaceUnknown: Translation(400, "invalid_cursor")})
