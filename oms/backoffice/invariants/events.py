"""Events: the history of every subject is complete and ends in its present state."""

from oms.backoffice.invariants.base import Invariant
from oms.events.services import KEPT

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
    UNION ALL SELECT 'transfer', id, status FROM fulfillment_transferorder
    UNION ALL SELECT 'cancellation', id, status FROM fulfillment_cancellationtask
    UNION ALL SELECT 'return', id, status FROM returns_returnorder
) s LEFT JOIN (
    SELECT DISTINCT ON (subject_type, subject_id) subject_type, subject_id, status
    FROM events_event ORDER BY subject_type, subject_id, sequence DESC
) e USING (subject_type, subject_id)
WHERE e.status IS DISTINCT FROM s.status
""",
)

# Purged are final deliveries only, 30 days after their end. Half a minute after the subscription
# every transaction that could not see it yet has ended.
EVERY_DELIVERY_EXISTS = Invariant(
    code="I6",
    title="events x matching endpoints = deliveries",
    query="""
SELECT e.id AS event_id, e.type, p.id AS endpoint_id, p.name
FROM events_event e
JOIN events_endpoint p ON p.organization_id = e.organization_id
LEFT JOIN events_delivery d ON d.event_id = e.id AND d.endpoint_id = p.id
WHERE d.id IS NULL AND p.removed_at IS NULL AND e.type = ANY (p.types)
  AND CASE WHEN p.is_by_points
      THEN EXISTS (SELECT FROM locations_channelpoint l
                   WHERE l.channel_id = p.channel_ref AND l.point_id = e.point_ref
                     AND l.updated_at < e.recorded_at - interval '30 seconds')
      ELSE (p.channel_ref IS NULL OR p.channel_ref = e.channel_ref)
          AND (p.point_ref IS NULL OR p.point_ref = e.point_ref) END
  AND e.recorded_at > p.types_since + interval '30 seconds'
  AND e.recorded_at > p.created_at + interval '30 seconds'
  AND e.recorded_at > CURRENT_TIMESTAMP - %(kept)s::interval
""",
    params={"kept": KEPT},
)

# The longest pause is the last one of a schedule, twice as long when the receiver asks for it.
EVERY_DELIVERY_GOES_ON = Invariant(
    code="I7",
    title="a delivery is final or has its next try",
    query="""
SELECT d.id AS delivery_id, d.endpoint_id, d.state, d.not_before,
       CASE WHEN p.removed_at IS NOT NULL THEN 'its endpoint was removed'
            ELSE 'its next try is too far away' END AS problem
FROM events_delivery d JOIN events_endpoint p ON p.id = d.endpoint_id
WHERE d.state = 'PENDING'
  AND (d.not_before > CURRENT_TIMESTAMP + interval '49 hours'
       OR p.removed_at < CURRENT_TIMESTAMP - interval '5 minutes')
""",
)
