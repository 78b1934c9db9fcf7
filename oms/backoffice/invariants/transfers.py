"""Goods on their way between points."""

from oms.backoffice.invariants.base import Invariant

LINES_COME_AS_THEY_SAY = Invariant(
    code="transfers",
    title="a live task line comes from another point exactly while a transfer brings it",
    query="""
SELECT l.id AS task_line_id, l.source_point_id, l.is_in_transit, r.transfer, r.status
FROM fulfillment_taskline l
LEFT JOIN (SELECT e.task_line_id, o.number AS transfer, o.status, o.source_id
           FROM fulfillment_transferline e JOIN fulfillment_transferorder o ON o.id = e.transfer_id
           WHERE o.status IN ('WAITING', 'READY', 'IN_TRANSIT')) r ON r.task_line_id = l.id
WHERE l.quantity > l.quantity_cancelled
  AND (l.source_point_id IS DISTINCT FROM r.source_id
       OR l.is_in_transit <> coalesce(r.status = 'IN_TRANSIT', false))
""",
)
