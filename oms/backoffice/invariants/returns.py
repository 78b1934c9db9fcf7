"""Returns: a unit comes back once, in the stock as in the order."""

from oms.backoffice.invariants.base import Invariant

# The ledger names the return as the cause of each unit it put on a shelf or aside.
RETURNED_IS_BOOKED = Invariant(
    code="I13",
    title="what inspections put back is what the ledger took back, unit by unit",
    query="""
WITH kept AS (
    SELECT r.number AS cause, u.point_id, u.sku_id,
           count(*) FILTER (WHERE u.disposition = 'RESTOCK') AS on_hand,
           count(*) FILTER (WHERE u.disposition = 'QUARANTINE') AS unavailable
    FROM returns_returnunit u JOIN returns_returnorder r ON r.id = u.return_order_id
    WHERE u.disposition IN ('RESTOCK', 'QUARANTINE') GROUP BY r.number, u.point_id, u.sku_id
), booked AS (
    SELECT m.cause, l.point_id, l.sku_id, sum(m.on_hand_delta) AS on_hand,
           sum(m.unavailable_delta) AS unavailable
    FROM inventory_stockmovement m JOIN inventory_stocklevel l ON l.id = m.level_id
    WHERE m.kind = 'RETURN' AND EXISTS (
        SELECT FROM returns_returnorder r
        WHERE r.number = m.cause AND r.organization_id = m.organization_id)
    GROUP BY m.cause, l.point_id, l.sku_id
)
SELECT cause, point_id, sku_id, coalesce(k.on_hand, 0) AS restocked,
       coalesce(b.on_hand, 0) AS booked, coalesce(k.unavailable, 0) AS quarantined,
       coalesce(b.unavailable, 0) AS booked_aside
FROM kept k FULL JOIN booked b USING (cause, point_id, sku_id)
WHERE coalesce(k.on_hand, 0) <> coalesce(b.on_hand, 0)
   OR coalesce(k.unavailable, 0) <> coalesce(b.unavailable, 0)
""",
)

RETURNED_IS_COUNTED = Invariant(
    code="I14",
    title="an order's returned units are those that arrived, and no more come back than left",
    query="""
SELECT l.id AS line_id, l.order_id, l.quantity_shipped, l.quantity_returned,
       coalesce(u.live, 0) AS announced, coalesce(u.arrived, 0) AS arrived
FROM orders_orderline l
LEFT JOIN (
    SELECT order_line_id, count(*) FILTER (WHERE status <> 'CANCELLED') AS live,
           count(*) FILTER (WHERE status IN ('RECEIVED', 'INSPECTED')) AS arrived
    FROM returns_returnunit WHERE order_line_id IS NOT NULL GROUP BY order_line_id
) u ON u.order_line_id = l.id
WHERE l.bundle_id IS NULL  -- those follow from their parts
  AND (l.quantity_returned <> coalesce(u.arrived, 0) OR coalesce(u.live, 0) > l.quantity_shipped)
""",
)

# `lifecycle.return_status` as SQL.
RETURN_STATUS_IS_DERIVED = Invariant(
    code="return",
    title="the state of a return follows from its units and its refund",
    query="""
SELECT id AS return_id, number, status, derived FROM (
    SELECT r.id, r.number, r.status, CASE
        WHEN u.live = 0 THEN 'CANCELLED'
        WHEN u.inspected = u.live
            THEN CASE WHEN r.refund_decision = 'PENDING' THEN 'INSPECTED' ELSE 'CLOSED' END
        WHEN u.arrived > 0 THEN 'RECEIVED'
        ELSE 'EXPECTED'
    END AS derived
    FROM returns_returnorder r JOIN (
        SELECT return_order_id, count(*) FILTER (WHERE status <> 'CANCELLED') AS live,
               count(*) FILTER (WHERE status IN ('RECEIVED', 'INSPECTED')) AS arrived,
               count(*) FILTER (WHERE status = 'INSPECTED') AS inspected
        FROM returns_returnunit GROUP BY return_order_id
    ) u ON u.return_order_id = r.id
) derived WHERE status <> derived
""",
)
