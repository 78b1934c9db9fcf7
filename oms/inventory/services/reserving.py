"""Reserving, releasing and shipping units: each all or nothing, each with its ledger rows.

Set-based SQL, because routing reserves for hundreds of tasks in one transaction: needs are summed
per level, levels are locked in primary-key order (so overlapping baskets queue up and cannot
deadlock), and one conditional update changes every level or, when a single one does not fit, none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from oms.inventory.choices import MovementKind
from oms.kernel import errors, sql
from oms.kernel.actors import Actor


class StockShortage(errors.Conflict):
    """At least one level has fewer units available than wanted. Nothing was reserved."""

    code = "stock_shortage"


class ReservationMissing(errors.Conflict):
    """Fewer units are reserved than should be given back or shipped. Nothing was changed."""

    code = "reservation_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class StockNeed:
    """Units of one SKU at one point, and the number of the task they are for."""

    sku_id: int
    point_id: int
    quantity: int
    cause: str


_LOCK = """
SELECT l.id, l.sku_id, l.point_id, l.on_hand, l.reserved, l.safety FROM inventory_stocklevel l
JOIN (SELECT DISTINCT sku_id, point_id
      FROM unnest(%(sku_ids)s::bigint[], %(point_ids)s::bigint[]) AS w (sku_id, point_id)) w
  USING (sku_id, point_id)
ORDER BY l.id FOR NO KEY UPDATE OF l
"""

_CHANGE = """
WITH need AS MATERIALIZED (
    SELECT l.id, l.organization_id, n.quantity, n.cause, n.place
    FROM unnest(%(sku_ids)s::bigint[], %(point_ids)s::bigint[], %(quantities)s::int[],
                %(causes)s::text[])
         WITH ORDINALITY AS n (sku_id, point_id, quantity, cause, place)
    JOIN inventory_stocklevel l USING (sku_id, point_id)
), total AS MATERIALIZED (SELECT id, sum(quantity)::int AS quantity FROM need GROUP BY id),
fitting AS MATERIALIZED (
    SELECT count(*) AS levels FROM inventory_stocklevel l JOIN total t USING (id) WHERE {condition}
), before AS MATERIALIZED (
    SELECT l.id, l.on_hand FROM inventory_stocklevel l JOIN total USING (id)
),
changed AS (
    UPDATE inventory_stocklevel l SET {change}, updated_at = CURRENT_TIMESTAMP
    FROM total t WHERE l.id = t.id AND {condition}
        AND (SELECT levels FROM fitting) = %(levels)s
    RETURNING l.id
), written AS (
    INSERT INTO inventory_stockmovement
        (organization_id, level_id, kind, on_hand_delta, reserved_delta, cause, actor)
    SELECT need.organization_id, need.id, '{kind}', {on_hand_delta}, {reserved_delta},
           need.cause, %(actor)s
    FROM need JOIN changed USING (id) JOIN before USING (id) ORDER BY need.place
    RETURNING 1
)
SELECT (SELECT count(*) FROM written)
"""

# What a shipment takes from a level that counted less than it owed: never below zero, row by row.
_SHIPPED = """-(least(before.on_hand, sum(need.quantity) OVER earlier)
    - least(before.on_hand, sum(need.quantity) OVER earlier - need.quantity))::int"""

_RESERVE = _CHANGE.format(
    kind=MovementKind.RESERVE,
    change="reserved = l.reserved + t.quantity",
    condition="l.on_hand - l.reserved - l.safety >= t.quantity",
    on_hand_delta="0",
    reserved_delta="need.quantity",
)
_RELEASE = _CHANGE.format(
    kind=MovementKind.RELEASE,
    change="reserved = l.reserved - t.quantity",
    condition="l.reserved >= t.quantity",
    on_hand_delta="0",
    reserved_delta="-need.quantity",
)
_SHIP = _CHANGE.format(
    kind=MovementKind.SHIP,
    change="reserved = l.reserved - t.quantity, on_hand = greatest(l.on_hand - t.quantity, 0)",
    condition="l.reserved >= t.quantity",
    on_hand_delta=_SHIPPED,
    reserved_delta="-need.quantity",
).replace("ORDER BY need.place", "WINDOW earlier AS (PARTITION BY need.id ORDER BY need.place)")


@dataclass(slots=True, kw_only=True)
class Level:
    """A locked level: the figures are the truth until the transaction ends."""

    id: int
    sku_id: int
    point_id: int
    on_hand: int
    reserved: int
    safety: int

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved - self.safety


def lock_levels(*, places: Sequence[tuple[int, int]]) -> list[Level]:
    """Lock the levels of (SKU, point) pairs in primary-key order, for the transaction."""
    sql.require_transaction()
    params: dict[str, object] = {
        "sku_ids": [sku_id for sku_id, _ in places],
        "point_ids": [point_id for _, point_id in places],
    }
    return [Level(**row) for row in sql.records(_LOCK, params)]


def reserve_stock(*, needs: Sequence[StockNeed], actor: Actor) -> None:
    """Reserve every unit or none. Raises StockShortage and leaves nothing behind."""
    if not _change(_RESERVE, needs=needs, actor=actor):
        raise StockShortage("Not enough stock", skus=sorted({need.sku_id for need in needs}))


def release_stock(*, needs: Sequence[StockNeed], actor: Actor) -> None:
    """Give reserved units back. Raises ReservationMissing when they are not reserved."""
    if not _change(_RELEASE, needs=needs, actor=actor):
        raise ReservationMissing("Not reserved", skus=sorted({need.sku_id for need in needs}))


def ship_stock(*, needs: Sequence[StockNeed], actor: Actor) -> None:
    """Units left the building: `reserved` and `on_hand` fall together.

    A point may have counted fewer units than it then ships; `on_hand` stops at zero, and the
    ledger says by how much it really fell. Raises ReservationMissing.
    """
    if not _change(_SHIP, needs=needs, actor=actor):
        raise ReservationMissing("Not reserved", skus=sorted({need.sku_id for need in needs}))


def _change(query: str, *, needs: Sequence[StockNeed], actor: Actor) -> bool:
    """Lock in order, change conditionally, write the ledger. True when every need was met."""
    if not needs:
        return True
    lock_levels(places=[(need.sku_id, need.point_id) for need in needs])
    params: dict[str, object] = {
        "sku_ids": [need.sku_id for need in needs],
        "point_ids": [need.point_id for need in needs],
        "quantities": [need.quantity for need in needs],
        "causes": [need.cause for need in needs],
        "levels": len({(need.sku_id, need.point_id) for need in needs}),
        "actor": str(actor),
    }
    return bool(sql.rows(query, params)[0][0] == len(needs))
