"""Reads of stock."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Greatest

from oms.inventory.models import StockAdjustment, StockLevel, StockLevelQuerySet, StockMovement
from oms.kernel import errors
from oms.kernel.actors import Actor


class AdjustmentNotFound(errors.NotFound):
    """No such adjustment, or not this actor's."""

    code = "adjustment_not_found"


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


def levels_of_sku(*, actor: Actor, sku_id: int) -> list[StockLevel]:
    """Every level of one SKU the actor may see, by point."""
    return list(levels_feed(actor=actor).filter(sku_id=sku_id))


def available_units(
    *, actor: Actor, sku_ids: Collection[int], point_id: int | None = None
) -> dict[int, int]:
    """Units a new order could have, by SKU: at one point, or at all active ones together.

    A point that owes more than it has counts as empty. SKUs without a level are left out.
    """
    levels = StockLevel.objects.visible_to(actor).filter(sku_id__in=set(sku_ids))
    if point_id is None:
        levels = levels.filter(point__is_active=True)
    else:
        levels = levels.filter(point_id=point_id)
    free = Sum(Greatest(F("on_hand") - F("reserved") - F("safety"), 0))
    return dict(levels.values("sku_id").annotate(free=free).values_list("sku_id", "free"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SkuTotals:
    """Units of one SKU over several levels. `available` leaves levels that owe more out."""

    on_hand: int = 0
    reserved: int = 0
    incoming: int = 0
    safety: int = 0
    available: int = 0


def totals_of(*, actor: Actor, sku_ids: Collection[int]) -> dict[int, SkuTotals]:
    """What there is by SKU, over the levels the actor may see. SKUs without one are left out."""
    levels = StockLevel.objects.visible_to(actor).filter(sku_id__in=set(sku_ids))
    sums = levels.values("sku_id").annotate(
        sum_on_hand=Sum("on_hand"),
        sum_reserved=Sum("reserved"),
        sum_incoming=Sum("incoming"),
        sum_safety=Sum("safety"),
        sum_available=Sum(Greatest(F("on_hand") - F("reserved") - F("safety"), 0)),
    )
    return {
        row["sku_id"]: SkuTotals(
            on_hand=row["sum_on_hand"],
            reserved=row["sum_reserved"],
            incoming=row["sum_incoming"],
            safety=row["sum_safety"],
            available=row["sum_available"],
        )
        for row in sums
    }


def get_adjustment(*, actor: Actor, public_id: UUID | None) -> StockAdjustment:
    """An adjustment by its public id, None being nobody's. Raises AdjustmentNotFound."""
    known = [public_id] if public_id else []
    found = StockAdjustment.objects.visible_to(actor).filter(public_id__in=known).first()
    if found is None:
        raise AdjustmentNotFound("No such adjustment")
    return found
