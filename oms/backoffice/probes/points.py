"""Work at a point that does not go on."""

from oms.inbox.choices import Severity
from oms.inbox.kinds import Kind

_LABEL_FAILED = """
SELECT d.organization_id, d.id AS subject_id, t.order_id AS order_ref,
       o.external_id || ', parcel ' || p.number AS title,
       'No label after ' || d.attempts || CASE d.attempts WHEN 1 THEN ' try' ELSE ' tries' END
           AS reason,
       jsonb_build_object('reference', d.reference) AS details, o.ship_by_at AS deadline_at
FROM fulfillment_document d
JOIN fulfillment_parcel p ON p.id = d.parcel_id
JOIN fulfillment_fulfillmenttask t ON t.id = p.task_id
JOIN orders_order o ON o.id = t.order_id
WHERE d.status = 'FAILED' AND d.kind = 'LABEL'
"""

_PAPER_FAILED = """
SELECT d.organization_id, d.id AS subject_id, coalesce(t.order_id, i.order_id) AS order_ref,
       coalesce(i.code, m.number, h.number, 'parcel ' || p.number, 'picklist ' || l.number)
           AS title,
       d.last_error AS reason, jsonb_build_object('reference', d.reference) AS details,
       NULL::timestamptz AS deadline_at
FROM fulfillment_document d
LEFT JOIN fulfillment_parcel p ON p.id = d.parcel_id
LEFT JOIN fulfillment_fulfillmenttask t ON t.id = p.task_id
LEFT JOIN fulfillment_invoice i ON i.id = d.invoice_id
LEFT JOIN fulfillment_manifest m ON m.id = d.manifest_id
LEFT JOIN fulfillment_handover h ON h.id = d.handover_id
LEFT JOIN fulfillment_picklist l ON l.id = d.picklist_id
WHERE d.status = 'FAILED' AND d.kind <> 'LABEL'
"""

# Tasks are indexed by point and state, so this is one look into the index per point.
_OUT_OF_STOCK = """
SELECT t.organization_id, t.id AS subject_id, t.order_id AS order_ref,
       o.external_id || ', ' || t.number AS title,
       p.name || ' counted less than it owes' AS reason, '{}'::jsonb AS details,
       o.ship_by_at AS deadline_at
FROM locations_fulfillmentpoint p
CROSS JOIN LATERAL (
    SELECT id, organization_id, order_id, number FROM fulfillment_fulfillmenttask
    WHERE point_id = p.id AND status = 'OUT_OF_STOCK' AND is_reserved
) t
JOIN orders_order o ON o.id = t.order_id
"""

KINDS = (
    Kind(
        code="label_failed",
        label="Label failed",
        severity=Severity.BLOCKS,
        subject_type="document",
        suggestion="Mend what the carrier complains about, then fetch the label again.",
        fix="retry_label",
        probe=_LABEL_FAILED,
    ),
    Kind(
        code="paper_failed",
        label="Paper failed",
        severity=Severity.BLOCKS,
        subject_type="document",
        suggestion="Mend the organization's template, then draw the paper again.",
        fix="redraw_paper",
        probe=_PAPER_FAILED,
    ),
    Kind(
        code="count_below_reserved",
        label="Counted less than reserved",
        severity=Severity.BLOCKS,
        subject_type="task",
        suggestion="Correct the count and check again, or cancel the lines.",
        fix="check_stock",
        probe=_OUT_OF_STOCK,
    ),
)
