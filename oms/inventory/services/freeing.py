"""Counts by points that say what is free instead of what is on the shelf."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from django.db import transaction

from oms.inventory.services.counting import StockCount, count_points
from oms.inventory.services.noting import MovementNote, lock_points
from oms.inventory.services.reserving import lock_levels
from oms.kernel.actors import Actor
from oms.kernel.contention import retried

Unseen = Callable[[Collection[int]], Mapping[int, int]]


@retried
@transaction.atomic
def count_free(
    *,
    point_id: int,
    free: Mapping[int, int],
    unseen: Unseen,
    note: MovementNote,
    actor: Actor,
    now: datetime,
) -> int:
    """Set what a point has free for new orders, by SKU; returns how many levels changed.

    The point has deducted what it knows to be owed, so that is added to what is on hand. Of what
    is reserved it does not know the units that `unseen` tells, asked by SKU under the levels'
    locks, so that no reservation slips between: these are deducted from what it says. What is kept
    back by `safety` stays kept back.
    """
    lock_points([point_id])
    places = sorted((sku_id, point_id) for sku_id in free)
    reserved = {level.sku_id: level.reserved for level in lock_levels(places=places)}
    unknown = unseen(reserved.keys())
    counts = [
        StockCount(
            sku_id=sku_id,
            on_hand=units + max(reserved.get(sku_id, 0) - unknown.get(sku_id, 0), 0),
        )
        for sku_id, units in free.items()
    ]
    return count_points(counts={point_id: counts}, note=note, actor=actor, now=now)
