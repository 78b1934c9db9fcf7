"""Orders that do not go on: nobody can serve them, or somebody has to decide."""

from oms.inbox.choices import Severity
from oms.inbox.kinds import Kind

_UNKNOWN_SKU = """
SELECT o.organization_id, o.id AS subject_id, o.id AS order_ref, o.external_id AS title,
       'Unknown SKU: ' || l.codes AS reason, '{}'::jsonb AS details, o.ship_by_at AS deadline_at
FROM (SELECT order_id, string_agg(DISTINCT sku_code, ', ' ORDER BY sku_code) AS codes
      FROM orders_orderline
      WHERE sku_id IS NULL AND bundle_id IS NULL
        AND quantity_allocated < quantity_ordered - quantity_cancelled
      GROUP BY order_id) l
JOIN orders_order o ON o.id = l.order_id
"""

# Whatever routing tried in vain has a time for the next try, and is in the index of those.
_WAITING = """
SELECT organization_id, id AS subject_id, id AS order_ref, external_id AS title,
       waiting_for AS reason, '{}'::jsonb AS details, ship_by_at AS deadline_at
FROM orders_order
WHERE allocation_due_at IS NOT NULL AND waiting_for <> ''
"""
_NO_STOCK = f"{_WAITING} AND starts_with(waiting_for, 'Out of stock')"
_NO_POINT = f"""{_WAITING} AND NOT starts_with(waiting_for, 'Out of stock')
    AND NOT starts_with(waiting_for, 'Unknown SKU')
    AND waiting_for <> 'No scenario names the channel'"""

_CANCEL_REQUEST = """
SELECT o.organization_id, r.id AS subject_id, o.id AS order_ref, o.external_id AS title,
       CASE r.party WHEN 'CUSTOMER' THEN 'The customer wants to cancel'
                    WHEN 'SELLER' THEN 'The seller wants to cancel'
                    ELSE 'The channel wants to cancel' END AS reason,
       '{}'::jsonb AS details, o.ship_by_at AS deadline_at
FROM orders_cancelrequest r JOIN orders_order o ON o.id = r.order_id
WHERE r.status = 'OPEN'
"""

# The sweep of holds gets two minutes before a person is asked.
_HOLD_EXPIRED = """
SELECT o.organization_id, h.id AS subject_id, o.id AS order_ref, o.external_id AS title,
       'Still held, though the hold was to end by itself' AS reason,
       jsonb_build_object('hold', h.reason) AS details, h.expires_at AS deadline_at
FROM orders_hold h JOIN orders_order o ON o.id = h.order_id
WHERE h.released_at IS NULL AND h.expires_at <= %(now)s::timestamptz - interval '2 minutes'
"""

KINDS = (
    Kind(
        code="unknown_sku",
        label="Unknown SKU",
        severity=Severity.BLOCKS,
        subject_type="order",
        suggestion="Add the SKU or its listing, then look the codes up again.",
        fix="match_skus",
        probe=_UNKNOWN_SKU,
    ),
    Kind(
        code="no_stock",
        label="No stock",
        severity=Severity.BLOCKS,
        subject_type="order",
        suggestion="Receive or count stock; routing tries again by itself, or at once from here.",
        fix="allocate",
        probe=_NO_STOCK,
    ),
    Kind(
        code="no_point",
        label="No point can serve",
        severity=Severity.BLOCKS,
        subject_type="order",
        suggestion="Open a point for the channel or raise its quota, then route again.",
        fix="allocate",
        probe=_NO_POINT,
    ),
    Kind(
        code="cancel_request",
        label="Cancel request to decide",
        severity=Severity.WARNS,
        subject_type="cancel_request",
        suggestion="Accept it or reject it on its page; the order goes on until then.",
        probe=_CANCEL_REQUEST,
    ),
    Kind(
        code="hold_expired",
        label="Held past its time",
        severity=Severity.BLOCKS,
        subject_type="hold",
        suggestion="Release the hold. If there are many, the worker or beat is not running.",
        fix="release",
        probe=_HOLD_EXPIRED,
    ),
)
