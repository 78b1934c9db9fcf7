"""Goods of sellers nobody ships for."""

from oms.inbox.choices import Severity
from oms.inbox.kinds import Kind

# Whatever routing tried in vain has a time for the next try, and is in the index of those.
_UNKNOWN_SELLER = """
SELECT o.organization_id, o.id AS subject_id, o.id AS order_ref, o.external_id AS title,
       'No point ships for seller ' || string_agg(DISTINCT l.seller, ', ' ORDER BY l.seller)
           AS reason,
       '{}'::jsonb AS details, o.ship_by_at AS deadline_at
FROM orders_order o
CROSS JOIN LATERAL (
    SELECT coalesce(n.extra ->> 'supplier_code', n.extra -> 'attributes' ->> 'supplier_code', '')
               AS seller
    FROM orders_orderline n
    WHERE n.order_id = o.id
      AND n.quantity_allocated < n.quantity_ordered - n.quantity_cancelled
) l
WHERE o.allocation_due_at IS NOT NULL AND o.waiting_for <> '' AND l.seller <> ''
  AND NOT EXISTS (SELECT FROM locations_fulfillmentpoint p
                  WHERE p.organization_id = o.organization_id AND p.is_active
                    AND p.supplier_code = l.seller)
GROUP BY o.id
"""

KINDS = (
    Kind(
        code="unknown_seller",
        label="Unknown seller",
        severity=Severity.BLOCKS,
        subject_type="order",
        suggestion="Give a point the seller's supplier code, then route again.",
        fix="allocate",
        probe=_UNKNOWN_SELLER,
    ),
)
