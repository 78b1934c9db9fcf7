"""What workers hold: nobody holds a label or a delivery for ever, and no parcel has two labels."""

from fulfillment.services.fetching import LEASE
from oms.backoffice.invariants.base import Invariant
from oms.events.leases import LEASE as DELIVERY_LEASE

# A label that is asked for is due again when its lease or its pause ends. One that stays due for
# another lease was given up by everybody.
NO_OLD_LEASE = Invariant(
    code="I8",
    title="no lease is older than twice its length",
    query="""
SELECT 'document' AS held, id, attempts, not_before AS until
FROM fulfillment_document
WHERE status = 'PENDING' AND attempts > 0 AND not_before < CURRENT_TIMESTAMP - %(lease)s
UNION ALL
SELECT 'delivery', id, attempts, leased_until
FROM events_delivery
WHERE claim_id IS NOT NULL AND leased_until < CURRENT_TIMESTAMP - %(delivery_lease)s::interval
""",
    params={"lease": LEASE, "delivery_lease": DELIVERY_LEASE},
)

ONE_LIVE_LABEL = Invariant(
    code="I9",
    title="at most one live label per parcel and carrier",
    query="""
SELECT parcel_id, carrier, count(*) AS labels FROM fulfillment_document
WHERE kind = 'LABEL' AND status <> 'VOID'
GROUP BY parcel_id, carrier HAVING count(*) > 1
""",
)
