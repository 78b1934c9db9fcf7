"""Labels: nobody holds one for ever, and nobody has two."""

from fulfillment.services.fetching import LEASE
from oms.backoffice.invariants.base import Invariant

# A label that is asked for is due again when its lease or its pause ends. One that stays due for
# another lease was given up by everybody.
NO_OLD_LEASE = Invariant(
    code="I8",
    title="no lease is older than twice its length",
    query="""
SELECT id AS document_id, reference, carrier, attempts, not_before
FROM fulfillment_document
WHERE status = 'PENDING' AND attempts > 0 AND not_before < CURRENT_TIMESTAMP - %(lease)s
""",
    params={"lease": LEASE},
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
