"""Reads of stock."""

from django.db.models import QuerySet

from oms.inventory.models import StockLevel, StockLevelQuerySet, StockMovement
from oms.kernel.actors import Actor


def levels_feed(*, actor: Actor) -> StockLevelQuerySet:
    """Levels the actor may see, by point and SKU."""
    return (
        StockLevel.objects.visible_to(actor)
        .select_related("sku", "point")
        .order_by("point_id", "sku_id")
    )


def movements_of(level: StockLevel) -> QuerySet[StockMovement]:
    """The ledger of one level, newest first."""
    return StockMovement.objects.filter(level=level).order_by("-id")
