"""The dock: lists of open tasks, manifests and hand-overs agree with their parcels."""

from oms.backoffice.invariants.base import Invariant

# The first parts repeat constraints of the tables, for the day somebody drops one.
PICKLISTS_AGREE = Invariant(
    code="I19",
    title="a task is on one open picklist at most, and picklists close as a whole",
    query="""
SELECT 'on two open lists' AS problem, e.task_id, min(e.picklist_id) AS picklist_id
FROM fulfillment_picklistentry e WHERE e.is_active
GROUP BY e.task_id HAVING count(*) > 1
UNION ALL
SELECT 'active on a closed list, or not on an open one', e.task_id, e.picklist_id
FROM fulfillment_picklistentry e JOIN fulfillment_picklist l ON l.id = e.picklist_id
WHERE e.is_active <> (l.status = 'OPEN')
UNION ALL
SELECT 'of another point or channel than its list', e.task_id, e.picklist_id
FROM fulfillment_picklistentry e
JOIN fulfillment_picklist l ON l.id = e.picklist_id
JOIN fulfillment_fulfillmenttask t ON t.id = e.task_id
WHERE t.point_id <> l.point_id OR t.channel_id <> coalesce(l.channel_id, t.channel_id)
""",
)

ONE_MANIFEST = Invariant(
    code="I20",
    title="a parcel is on one manifest at most, that of its point, and says so",
    query="""
SELECT 'on two manifests' AS problem, m.parcel_id, min(m.manifest_id) AS manifest_id
FROM fulfillment_manifestparcel m GROUP BY m.parcel_id HAVING count(*) > 1
UNION ALL
SELECT 'on a manifest and not said to be', p.id, m.manifest_id
FROM fulfillment_manifestparcel m JOIN fulfillment_parcel p ON p.id = m.parcel_id
WHERE p.status IN ('PLANNED', 'PACKED', 'LABELLED')
UNION ALL
SELECT 'said to be on a manifest and on none', p.id, NULL
FROM fulfillment_parcel p LEFT JOIN fulfillment_manifestparcel m ON m.parcel_id = p.id
WHERE p.status = 'MANIFESTED' AND m.id IS NULL
UNION ALL
SELECT 'of another point or channel than its manifest', p.id, m.manifest_id
FROM fulfillment_manifestparcel m
JOIN fulfillment_manifest f ON f.id = m.manifest_id
JOIN fulfillment_parcel p ON p.id = m.parcel_id
JOIN fulfillment_fulfillmenttask t ON t.id = p.task_id
WHERE p.point_id <> f.point_id OR t.channel_id <> coalesce(f.channel_id, t.channel_id)
""",
)

HANDED_OVER_HAS_LEFT = Invariant(
    code="I21",
    title="what was handed over has left, once, and was on a manifest",
    query="""
SELECT 'handed over twice' AS problem, h.parcel_id, min(h.handover_id) AS handover_id
FROM fulfillment_handoverparcel h WHERE h.is_taken GROUP BY h.parcel_id HAVING count(*) > 1
UNION ALL
SELECT 'handed over and has not left', h.parcel_id, h.handover_id
FROM fulfillment_handoverparcel h JOIN fulfillment_parcel p ON p.id = h.parcel_id
WHERE p.shipped_at IS NULL
UNION ALL
SELECT 'handed over without a manifest', h.parcel_id, h.handover_id
FROM fulfillment_handoverparcel h
LEFT JOIN fulfillment_manifestparcel m ON m.parcel_id = h.parcel_id
WHERE h.is_taken AND m.id IS NULL
UNION ALL
SELECT 'of another point or channel than its hand-over', p.id, h.handover_id
FROM fulfillment_handoverparcel h
JOIN fulfillment_handover o ON o.id = h.handover_id
JOIN fulfillment_parcel p ON p.id = h.parcel_id
JOIN fulfillment_fulfillmenttask t ON t.id = p.task_id
WHERE p.point_id <> o.point_id OR t.channel_id <> coalesce(o.channel_id, t.channel_id)
""",
)

SHORT_IS_CANCELLED = Invariant(
    code="I22",
    title="what a point did not find was taken from its task",
    query="""
SELECT id AS task_line_id, task_id, quantity_short, quantity_cancelled
FROM fulfillment_taskline WHERE quantity_short > quantity_cancelled
""",
)
