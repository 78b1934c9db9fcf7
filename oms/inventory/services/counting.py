"""Counts and corrections. A warehouse's count is the truth, also below what is reserved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from oms.events import outbox
from oms.events.choices import EventType, SubjectType
from oms.inventory.choices import MovementKind
from oms.inventory.models import StockLevel, StockMovement
from oms.kernel import errors, sql
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.locations.models import FulfillmentPoint


class NegativeStock(errors.Conflict):
    """The correction would leave fewer than zero units on hand."""

    code = "negative_stock"


@dataclass(frozen=True, slots=True, kw_only=True)
class StockCount:
    """Units of one SKU on the shelf. `on_hand` None: the point does not keep it. `safety` None:
    as it was."""

    sku_id: int
    on_hand: int | None
    safety: int | None = None


# One statement for thousands of levels. Only what differs is written: a full stock list that
# repeats itself changes no row and adds no ledger entry.
_COUNT = """
WITH wanted AS MATERIALIZED (
    SELECT * FROM unnest(%(sku_ids)s::bigint[], %(on_hands)s::int[], %(safeties)s::int[],
                         %(stocked)s::bool[]) AS w (sku_id, on_hand, safety, stocked)
), before AS MATERIALIZED (
    SELECT l.id, l.sku_id, l.on_hand, l.reserved, l.safety, l.is_stocked
    FROM inventory_stocklevel l JOIN wanted USING (sku_id)
    WHERE l.point_id = %(point_id)s
    ORDER BY l.id FOR NO KEY UPDATE OF l
), made AS (
    INSERT INTO inventory_stocklevel
        (organization_id, sku_id, point_id, on_hand, safety, is_stocked, counted_at)
    SELECT %(organization_id)s, w.sku_id, %(point_id)s, w.on_hand, coalesce(w.safety, 0),
           true, %(now)s
    FROM wanted w LEFT JOIN before b USING (sku_id)
    WHERE b.id IS NULL AND w.stocked
    RETURNING id, sku_id, on_hand, safety
), changed AS (
    UPDATE inventory_stocklevel l
    SET on_hand = w.on_hand, safety = coalesce(w.safety, l.safety), is_stocked = w.stocked,
        counted_at = %(now)s, updated_at = %(now)s
    FROM wanted w JOIN before b USING (sku_id)
    WHERE l.id = b.id AND (b.on_hand <> w.on_hand OR b.is_stocked <> w.stocked
                           OR b.safety <> coalesce(w.safety, b.safety))
    RETURNING l.id, l.sku_id, b.on_hand AS was, l.on_hand, l.reserved, l.safety,
              b.safety AS was_safety
), written AS (
    INSERT INTO inventory_stockmovement
        (organization_id, level_id, kind, on_hand_delta, reserved_delta, cause, actor)
    SELECT %(organization_id)s, id, 'COUNT', on_hand, 0, %(cause)s, %(actor)s
    FROM made WHERE on_hand <> 0
    UNION ALL
    SELECT %(organization_id)s, id, 'COUNT', on_hand - was, 0, %(cause)s, %(actor)s
    FROM changed WHERE on_hand <> was
)
SELECT sku_id, on_hand - safety > 0 AS more, false AS short FROM made
UNION ALL
SELECT sku_id, on_hand - safety > was - was_safety, on_hand < reserved FROM changed
"""


@retried
@transaction.atomic
def count_stock(
    *,
    point: FulfillmentPoint,
    counts: Sequence[StockCount],
    actor: Actor,
    now: datetime,
    cause: str,
) -> int:
    """Set what is physically there, for any number of SKUs. Returns how many levels changed.

    The last of two counts of one SKU wins. Counts of one point queue up behind each other; the
    event names the SKUs that have more than before (waiting orders are tried again) and those
    that now have less than is reserved (tasks that can no longer be served).
    """
    FulfillmentPoint.objects.select_for_update(no_key=True).get(pk=point.pk)
    last = {count.sku_id: count for count in counts}
    wanted = [last[sku_id] for sku_id in sorted(last)]
    changed = sql.records(
        _COUNT,
        {
            "sku_ids": [count.sku_id for count in wanted],
            "on_hands": [count.on_hand or 0 for count in wanted],
            "safeties": [count.safety for count in wanted],
            "stocked": [count.on_hand is not None for count in wanted],
            "point_id": point.pk,
            "organization_id": point.organization_id,
            "cause": cause,
            "actor": str(actor),
            "now": now,
        },
    )
    if changed:
        more = [row["sku_id"] for row in changed if row["more"]]
        short = [row["sku_id"] for row in changed if row["short"]]
        data = {"more_sku_ids": more, "short_sku_ids": short, "changed": len(changed)}
        _report(EventType.STOCK_COUNTED, point, data, actor=actor, now=now, cause=cause)
    return len(changed)


@retried
@transaction.atomic
def adjust_stock(
    *,
    point: FulfillmentPoint,
    sku_id: int,
    delta: int,
    reason: str,
    actor: Actor,
    now: datetime,
) -> StockLevel:
    """Correct one level by hand, with a reason. Raises NegativeStock."""
    FulfillmentPoint.objects.select_for_update(no_key=True).get(pk=point.pk)
    StockLevel.objects.get_or_create(
        sku_id=sku_id, point=point, defaults={"organization_id": point.organization_id}
    )
    level = StockLevel.objects.locked().get(sku_id=sku_id, point=point)
    if level.on_hand + delta < 0:
        raise NegativeStock(
            "A correction cannot leave fewer than zero units", on_hand=level.on_hand
        )
    level.on_hand += delta
    level.updated_at = now
    level.save(update_fields=["on_hand", "updated_at"])
    StockMovement.objects.create(
        organization_id=level.organization_id,
        level=level,
        kind=MovementKind.ADJUST,
        on_hand_delta=delta,
        cause=reason,
        actor=str(actor),
    )
    data = {
        "more_sku_ids": [sku_id] if delta > 0 else [],
        "short_sku_ids": [sku_id] if level.on_hand < level.reserved else [],
        "changed": 1,
    }
    _report(EventType.STOCK_ADJUSTED, point, data, actor=actor, now=now, cause=reason)
    return level


def _report(
    event_type: EventType,
    point: FulfillmentPoint,
    data: dict[str, object],
    *,
    actor: Actor,
    now: datetime,
    cause: str,
) -> None:
    fact = outbox.Fact(
        organization_id=point.organization_id,
        type=event_type,
        subject_type=SubjectType.POINT,
        subject_id=point.pk,
        point_id=point.pk,
        data={"point": point.code, **data},
        cause=cause[:160],
    )
    outbox.record([fact], actor=actor, now=now)
