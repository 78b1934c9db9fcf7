"""Stock: the ledger, the levels, and what tasks are owed."""

from oms.backoffice.invariants.base import Invariant

# Units of a task line that are reserved at its point: not cancelled, not shipped, task alive.
_OWED = """
SELECT t.id AS task_id, t.number AS task, t.order_id,
       coalesce(l.source_point_id, t.point_id) AS point_id, l.sku_id,
       l.quantity - l.quantity_cancelled - l.quantity_shipped AS units
FROM fulfillment_taskline l JOIN fulfillment_fulfillmenttask t ON t.id = l.task_id
WHERE t.status <> 'CANCELLED' AND t.is_reserved AND NOT l.is_in_transit
"""

# The ledger is replayed per level: rows of one level were written under its lock, so their ids
# are in the order of what happened. A count may leave less than is reserved; a reservation that
# was not covered when it was made may not exist.
NEVER_OVERSOLD = Invariant(
    code="I1",
    title="no reservation was made without available stock",
    query="""
SELECT id AS movement_id, level_id, cause, on_hand, reserved FROM (
    SELECT id, level_id, kind, cause,
           sum(on_hand_delta) OVER so_far AS on_hand,
           sum(reserved_delta) OVER so_far AS reserved
    FROM inventory_stockmovement
    WINDOW so_far AS (PARTITION BY level_id ORDER BY id ROWS UNBOUNDED PRECEDING)
) replay WHERE kind = 'RESERVE' AND on_hand < reserved
""",
)

LEVEL_IS_SUM_OF_MOVEMENTS = Invariant(
    code="I2",
    title="every level is the sum of its movements",
    query="""
SELECT l.id AS level_id, l.sku_id, l.point_id, l.on_hand, l.reserved, l.unavailable, l.incoming,
       coalesce(m.on_hand, 0) AS on_hand_moved, coalesce(m.reserved, 0) AS reserved_moved,
       coalesce(m.unavailable, 0) AS unavailable_moved, coalesce(m.incoming, 0) AS incoming_moved
FROM inventory_stocklevel l
LEFT JOIN (SELECT level_id, sum(on_hand_delta) AS on_hand, sum(reserved_delta) AS reserved,
                  sum(unavailable_delta) AS unavailable, sum(incoming_delta) AS incoming
           FROM inventory_stockmovement GROUP BY level_id) m ON m.level_id = l.id
WHERE l.on_hand <> coalesce(m.on_hand, 0) OR l.reserved <> coalesce(m.reserved, 0)
   OR l.unavailable <> coalesce(m.unavailable, 0) OR l.incoming <> coalesce(m.incoming, 0)
""",
)

RESERVED_IS_OWED = Invariant(
    code="I10",
    title="what is reserved at a point is what its live, unshipped task lines need",
    query=f"""
SELECT point_id, sku_id, coalesce(l.reserved, 0) AS reserved, coalesce(o.units, 0) AS owed
FROM inventory_stocklevel l
FULL JOIN (SELECT point_id, sku_id, sum(units) AS units FROM ({_OWED}) lines
           GROUP BY point_id, sku_id) o USING (point_id, sku_id)
WHERE coalesce(l.reserved, 0) <> coalesce(o.units, 0)
""",  # noqa: S608 - made of constants
)

ENDED_HOLDS_NOTHING = Invariant(
    code="I12",
    title="no cancelled or delivered order holds a reservation",
    query=f"""
SELECT o.id AS order_id, o.external_id, o.status, owed.task, owed.sku_id, owed.units
FROM ({_OWED}) owed JOIN orders_order o ON o.id = owed.order_id
WHERE owed.units > 0 AND o.status IN ('CANCELLED', 'DELIVERED')
""",  # noqa: S608 - made of constants
)
