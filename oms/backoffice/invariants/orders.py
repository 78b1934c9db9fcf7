"""Orders: quantities add up with tasks and parcels, numbers are unique, states are derived."""

from oms.backoffice.invariants.base import Invariant
from oms.orders.lifecycle import RANK

# The first part repeats the constraints of the table, for the day somebody drops one.
LINE_QUANTITIES = Invariant(
    code="I3",
    title="line quantities obey the rules and agree with tasks and parcels",
    query="""
WITH tasked AS (
    SELECT l.order_line_id AS line_id, sum(l.quantity - l.quantity_cancelled) AS allocated,
           sum(l.quantity_shipped) AS shipped
    FROM fulfillment_taskline l JOIN fulfillment_fulfillmenttask t ON t.id = l.task_id
    WHERE t.status <> 'CANCELLED' AND t.is_reserved GROUP BY l.order_line_id
), boxed AS (
    SELECT l.order_line_id AS line_id,
           sum(i.quantity) FILTER (WHERE p.status <> 'PLANNED') AS packed,
           sum(i.quantity) FILTER (WHERE p.shipped_at IS NOT NULL) AS shipped,
           sum(i.quantity) FILTER (WHERE p.status = 'OUT_FOR_DELIVERY') AS out_for_delivery,
           sum(i.quantity) FILTER (WHERE p.status = 'DELIVERED') AS delivered,
           sum(i.quantity) FILTER (WHERE p.status = 'RETURNED_TO_POINT') AS returned_to_point,
           sum(i.quantity) FILTER (WHERE p.status = 'LOST') AS lost
    FROM fulfillment_parcelitem i
    JOIN fulfillment_parcel p ON p.id = i.parcel_id
    JOIN fulfillment_taskline l ON l.id = i.task_line_id
    WHERE p.status <> 'CANCELLED' GROUP BY l.order_line_id
)
SELECT line_id, order_id, problem FROM (
    SELECT l.id AS line_id, l.order_id, concat_ws('; ',
        CASE WHEN least(l.quantity_ordered, l.cancelled_by_customer, l.cancelled_by_seller,
            l.cancelled_by_system, l.quantity_allocated, l.quantity_in_progress,
            l.quantity_packed, l.quantity_shipped, l.quantity_out_for_delivery,
            l.quantity_delivered, l.quantity_returned_to_point, l.quantity_returned,
            l.quantity_lost) < 0
            THEN 'a quantity is negative' END,
        CASE WHEN l.quantity_cancelled <> l.cancelled_by_customer + l.cancelled_by_seller +
            l.cancelled_by_system
            THEN 'cancelled is not the sum of its parts' END,
        CASE WHEN NOT (l.quantity_delivered <= l.quantity_shipped AND l.quantity_shipped <=
            l.quantity_packed AND l.quantity_packed <= l.quantity_allocated AND
            l.quantity_allocated <= l.quantity_ordered - l.quantity_cancelled AND
            l.quantity_in_progress <= l.quantity_allocated)
            THEN 'out of order: delivered, shipped, packed, allocated, live' END,
        CASE WHEN l.quantity_returned > l.quantity_shipped
            THEN 'more returned than shipped' END,
        CASE WHEN l.quantity_allocated <> coalesce(t.allocated, 0)
            THEN 'allocated differs from the live tasks' END,
        CASE WHEN l.quantity_packed <> coalesce(b.packed, 0)
            THEN 'packed differs from the parcels' END,
        CASE WHEN l.quantity_shipped <> coalesce(b.shipped, 0)
            THEN 'shipped differs from the parcels' END,
        CASE WHEN coalesce(t.shipped, 0) <> coalesce(b.shipped, 0)
            THEN 'shipped differs from the tasks' END,
        CASE WHEN l.quantity_out_for_delivery <> coalesce(b.out_for_delivery, 0)
            THEN 'out for delivery differs from the parcels' END,
        CASE WHEN l.quantity_delivered <> coalesce(b.delivered, 0)
            THEN 'delivered differs from the parcels' END,
        CASE WHEN l.quantity_returned_to_point <> coalesce(b.returned_to_point, 0)
            THEN 'returned to the point differs from the parcels' END,
        CASE WHEN l.quantity_lost <> coalesce(b.lost, 0)
            THEN 'lost differs from the parcels' END
    ) AS problem
    FROM orders_orderline l
    LEFT JOIN tasked t ON t.line_id = l.id
    LEFT JOIN boxed b ON b.line_id = l.id
    WHERE l.bundle_id IS NULL  -- those follow from their parts
) checked WHERE problem <> ''
""",
)

# Units at a default point, or refused and not placed again yet, are waited for; see docs/adr/0025.
UNRESERVED_WAITS = Invariant(
    code="unreserved",
    title="tasks that hold no stock name units that wait for routing, and no others",
    query="""
SELECT l.order_line_id AS line_id, n.order_id, sum(l.quantity - l.quantity_cancelled) AS unreserved,
       n.quantity_ordered - n.quantity_cancelled - n.quantity_allocated AS waiting
FROM fulfillment_taskline l
JOIN fulfillment_fulfillmenttask t ON t.id = l.task_id
JOIN orders_orderline n ON n.id = l.order_line_id
WHERE NOT t.is_reserved AND t.status <> 'CANCELLED'
GROUP BY l.order_line_id, n.id
HAVING sum(l.quantity - l.quantity_cancelled)
       > n.quantity_ordered - n.quantity_cancelled - n.quantity_allocated
""",
)

# Of sets the database derives the same; it is written out again here, for the day it does not.
BUNDLES_ARE_THEIR_PARTS = Invariant(
    code="I23",
    title="a bundle's line has its parts, and its quantities are their complete sets",
    query="""
SELECT line_id, order_id, problem FROM (
    SELECT l.id AS line_id, l.order_id, concat_ws('; ',
        CASE WHEN s.parts IS NULL THEN 'it has no parts' END,
        CASE WHEN s.is_other THEN 'a part is of another order or is no SKU once' END,
        CASE WHEN s.fewest <> l.quantity_ordered OR s.most <> l.quantity_ordered
            THEN 'parts were not ordered in whole sets' END,
        CASE WHEN s.is_broken THEN 'a set is cancelled in part' END,
        CASE WHEN (l.cancelled_by_customer, l.cancelled_by_seller, l.cancelled_by_system)
            <> (s.by_customer, s.by_seller, s.by_system) THEN 'cancelled differs' END,
        CASE WHEN l.quantity_allocated <> s.allocated THEN 'allocated differs' END,
        CASE WHEN (l.quantity_in_progress > 0) <> (s.begun > 0 AND s.allocated > 0)
            THEN 'in progress differs' END,
        CASE WHEN l.quantity_packed <> s.packed THEN 'packed differs' END,
        CASE WHEN l.quantity_shipped <> s.shipped THEN 'shipped differs' END,
        CASE WHEN l.quantity_delivered <> s.delivered THEN 'delivered differs' END,
        CASE WHEN l.quantity_delivered + l.quantity_returned_to_point + l.quantity_lost <> s.ended
            THEN 'ended differs' END,
        CASE WHEN l.quantity_returned <> s.returned THEN 'returned differs' END,
        CASE WHEN s.price <> coalesce(l.unit_price, 0) * l.quantity_ordered - l.line_discount
            THEN 'the price is not that of its parts' END
    ) AS problem
    FROM orders_orderline l
    LEFT JOIN (
        SELECT p.parent_id, count(*) AS parts, sum(p.price_share) AS price,
               bool_or(p.order_id <> n.order_id) OR count(*) <> count(DISTINCT p.sku_id)
                   AS is_other,
               min(p.quantity_ordered::numeric / p.per_set) AS fewest,
               max(p.quantity_ordered::numeric / p.per_set) AS most,
               min(p.quantity_cancelled::numeric / p.per_set)
                   <> max(p.quantity_cancelled::numeric / p.per_set) AS is_broken,
               min(p.cancelled_by_customer / p.per_set) AS by_customer,
               min(p.cancelled_by_seller / p.per_set) AS by_seller,
               min(p.cancelled_by_system / p.per_set) AS by_system,
               min(p.quantity_allocated / p.per_set) AS allocated,
               max(p.quantity_in_progress) AS begun,
               min(p.quantity_packed / p.per_set) AS packed,
               min(p.quantity_shipped / p.per_set) AS shipped,
               min(p.quantity_delivered / p.per_set) AS delivered,
               min((p.quantity_delivered + p.quantity_returned_to_point + p.quantity_lost)
                   / p.per_set) AS ended,
               min(p.quantity_returned / p.per_set) AS returned
        FROM orders_orderline p JOIN orders_orderline n ON n.id = p.parent_id
        GROUP BY p.parent_id
    ) s ON s.parent_id = l.id
    WHERE l.bundle_id IS NOT NULL
) checked WHERE problem <> ''
""",
)

ONE_ORDER_PER_NUMBER = Invariant(
    code="I4",
    title="one order per channel and number",
    query="""
SELECT channel_id, external_id, count(*) AS orders FROM orders_order
GROUP BY channel_id, external_id HAVING count(*) > 1
""",
)

# `lifecycle.line_status` as SQL; tests compare the two over all kinds of quantities.
LINE_STATUS = """
CASE
    WHEN live = 0 THEN 'CANCELLED'
    WHEN l.quantity_allocated < live THEN
        CASE WHEN o.allocation_tried_at IS NOT NULL THEN 'UNALLOCATED'
             WHEN o.is_paid THEN 'PAID' ELSE 'CREATED' END
    WHEN l.quantity_packed < live THEN
        CASE WHEN l.quantity_in_progress > 0 THEN 'IN_FULFILLMENT' ELSE 'ALLOCATED' END
    WHEN l.quantity_shipped < live THEN 'PACKED'
    WHEN l.quantity_returned >= live THEN 'RETURNED'
    WHEN live - l.quantity_delivered - l.quantity_returned_to_point - l.quantity_lost
         - l.quantity_out_for_delivery > 0 THEN 'SHIPPED'
    WHEN l.quantity_out_for_delivery > 0 THEN 'OUT_FOR_DELIVERY'
    WHEN l.quantity_delivered > 0 THEN 'DELIVERED'
    WHEN l.quantity_returned_to_point > 0 THEN 'RETURNED_TO_POINT'
    ELSE 'LOST'
END
"""

STATUS_IS_DERIVED = Invariant(
    code="status",
    title="the state of an order is the least advanced of its lines",
    query=f"""
SELECT o.id AS order_id, o.external_id, o.status, coalesce(derived.status, 'CANCELLED') AS derived
FROM orders_order o
LEFT JOIN (
    SELECT order_id, (%(ranked)s::text[])[min(array_position(%(ranked)s::text[], status))] AS status
    FROM (
        SELECT l.order_id, {LINE_STATUS} AS status
        FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
        CROSS JOIN LATERAL (SELECT l.quantity_ordered - l.quantity_cancelled AS live) live
        WHERE l.bundle_id IS NULL
    ) lines GROUP BY order_id
) derived ON derived.order_id = o.id
WHERE o.status <> coalesce(derived.status, 'CANCELLED')
""",  # noqa: S608 - made of constants
    params={"ranked": [str(status) for status in sorted(RANK, key=RANK.__getitem__)]},
)
