"""Events: the history of every subject is complete and ends in its present state."""

from oms.backoffice.invariants.base import Invariant

EVERY_CHANGE_HAS_ITS_EVENT = Invariant(
    code="I5",
    title="every state change has its event, and sequences have no gap",
    query="""
SELECT subject_type, subject_id, 'gap' AS problem, count(*)::text AS events,
       max(sequence)::text AS last
FROM events_event GROUP BY subject_type, subject_id
HAVING min(sequence) <> 1 OR max(sequence) <> count(*)
UNION ALL
SELECT s.subject_type, s.subject_id, 'last event differs from the row', s.status, e.status
FROM (
    SELECT 'order' AS subject_type, id AS subject_id, status FROM orders_order
    UNION ALL SELECT 'task', id, status FROM fulfillment_fulfillmenttask
    UNION ALL SELECT 'parcel', id, status FROM fulfillment_parcel
    UNION ALL SELECT 'cancellation', id, status FROM fulfillment_cancellationtask
) s LEFT JOIN (
    SELECT DISTINCT ON (subject_type, subject_id) subject_type, subject_id, status
    FROM events_event ORDER BY subject_type, subject_id, sequence DESC
) e USING (subject_type, subject_id)
WHERE e.status IS DISTINCT FROM s.status
""",
)

EVERY_DELIVERY_EXISTS = Invariant(code="I6", title="events x matching endpoints = deliveries")

EVERY_DELIVERY_GOES_ON = Invariant(code="I7", title="a delivery is final or has its next try")
