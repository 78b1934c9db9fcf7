"""From query parameters to levels."""

from collections.abc import Mapping
from typing import Any

from oms.api.v1.locations.mapping import location_uuid
from oms.inventory.models import StockLevelQuerySet


def levels(feed: StockLevelQuerySet, chosen: Mapping[str, Any]) -> StockLevelQuerySet:
    """The levels of a feed that the parameters ask for."""
    if codes := chosen.get("sku"):
        feed = feed.filter(sku__code__in=codes)
    if location := chosen.get("location_id"):
        uuid = location_uuid(location)
        feed = feed.filter(point__public_id__in=[uuid] if uuid else [])
    if since := chosen.get("updated_at_from"):
        feed = feed.filter(updated_at__gte=since)
    if (least := chosen.get("below_available")) is not None:
        feed = feed.below_available(least)
    return feed
