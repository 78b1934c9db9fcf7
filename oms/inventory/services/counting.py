"""Counts. A warehouse's count is the truth, also below what is reserved."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from oms.events.choices import EventType
from oms.inventory.models import StockLevel
from oms.inventory.services.noting import Changed, MovementNote, lock_points, report
from oms.inventory.services.statements import COUNT
from oms.kernel import errors, sql
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.locations.models import FulfillmentPoint


class LevelMovedOn(errors.Conflict):
    """The level is not at the version the caller has seen."""

    code = "level_moved_on"


@dataclass(frozen=True, slots=True, kw_only=True)
class StockCount:
    """Units of one SKU on the shelf. `on_hand` None: the point does not keep it. The others None:
    as they were."""

    sku_id: int
    on_hand: int | None
    safety: int | None = None
    unavailable: int | None = None
    incoming: int | None = None


@retried
@transaction.atomic
def count_points(
    *,
    counts: Mapping[int, Sequence[StockCount]],
    note: MovementNote,
    actor: Actor,
    now: datetime,
) -> int:
    """Set what is physically there, for any number of SKUs at points (by key) of one organization.

    Returns how many levels changed; what is as it was is not written. The last of two counts of
    one SKU wins. Counts of one point queue up behind each other. An event per point names the SKUs
    that have more than before (waiting orders are tried again) and those that now have less than
    is reserved (tasks that can no longer be served).
    """
    points = lock_points(counts)
    wanted = [
        (point.pk, count)
        for point in points
        for _, count in sorted({count.sku_id: count for count in counts[point.pk]}.items())
    ]
    if not wanted:
        return 0
    rows = sql.records(
        COUNT,
        _columns(wanted)
        | {
            "organization_id": points[0].organization_id,
            "cause": note.cause,
            "reason": note.reason,
            "reference": note.reference,
            "actor": str(actor),
            "now": now,
        },
    )
    _report(points, rows, note, actor=actor, now=now)
    return len(rows)


def count_stock(
    *,
    point: FulfillmentPoint,
    counts: Sequence[StockCount],
    actor: Actor,
    now: datetime,
    cause: str,
) -> int:
    """`count_points` for one point and a count that has no more to say than its cause."""
    return count_points(
        counts={point.pk: counts}, note=MovementNote(cause=cause), actor=actor, now=now
    )


@retried
@transaction.atomic
def set_level(
    *,
    point: FulfillmentPoint,
    count: StockCount,
    expected_version: int | None,
    note: MovementNote,
    actor: Actor,
    now: datetime,
) -> StockLevel:
    """Count one SKU, if its level still is what the caller has seen.

    Raises LevelMovedOn when it is at another version, or does not exist, and a version is expected.
    """
    lock_points([point.pk])
    levels = StockLevel.objects.filter(sku_id=count.sku_id, point=point)
    if expected_version is not None:
        seen = levels.locked().values_list("version", flat=True).first()
        if seen != expected_version:
            raise LevelMovedOn("The level is at another version", version=seen)
    count_points(counts={point.pk: [count]}, note=note, actor=actor, now=now)
    return levels.select_related("sku", "point").get()


def _columns(wanted: Sequence[tuple[int, StockCount]]) -> dict[str, object]:
    counts = [count for _, count in wanted]
    return {
        "point_ids": [point_id for point_id, _ in wanted],
        "sku_ids": [count.sku_id for count in counts],
        "on_hands": [count.on_hand or 0 for count in counts],
        "safeties": [count.safety for count in counts],
        "unavailables": [count.unavailable for count in counts],
        "incomings": [count.incoming for count in counts],
        "stocked": [count.on_hand is not None for count in counts],
    }


def _report(
    points: Sequence[FulfillmentPoint],
    rows: Sequence[dict[str, Any]],
    note: MovementNote,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    changed: defaultdict[int, Changed] = defaultdict(Changed)
    for row in rows:
        changed[row["point_id"]].add(row["sku_id"], has_more=row["more"], is_short=row["short"])
    report(EventType.STOCK_COUNTED, points, changed, note=note, actor=actor, now=now)
