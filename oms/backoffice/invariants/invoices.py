"""What was invoiced: numbers without gaps, sums, and nothing for what was taken back."""

from oms.backoffice.invariants.base import Invariant

NUMBERS_HAVE_NO_GAPS = Invariant(
    code="I15",
    title="invoice numbers have no gaps",
    query="""
SELECT s.id AS series_id, s.kind, s.year, s.last_number, count(i.id) AS invoices,
       max(i.number) AS highest
FROM fulfillment_invoiceseries s LEFT JOIN fulfillment_invoice i ON i.series_id = s.id
GROUP BY s.id
HAVING s.last_number <> count(i.id) OR s.last_number <> coalesce(max(i.number), 0)
""",
)

TOTALS_ARE_SUMS = Invariant(
    code="I16",
    title="an invoice costs what its lines cost, and their taxes are those of the line",
    query="""
SELECT i.id AS invoice_id, i.code, i.gross_total, sum(l.gross_total) AS lines
FROM fulfillment_invoice i LEFT JOIN fulfillment_invoiceline l ON l.invoice_id = i.id
GROUP BY i.id
HAVING count(l.id) = 0 OR i.gross_total <> sum(l.gross_total)
    OR i.net_total <> sum(l.net_total) OR i.tax_total <> sum(l.tax_total)
    OR i.tax_total <> sum((SELECT sum((t ->> 'tax_total')::numeric)
                           FROM jsonb_array_elements(l.taxes) t))
""",
)

NOTHING_VOID_IS_INVOICED = Invariant(
    code="I17",
    title="no live invoice is of a void parcel, and each has the parcel's units",
    query="""
SELECT i.id AS invoice_id, i.code, p.status
FROM fulfillment_invoice i JOIN fulfillment_parcel p ON p.id = i.parcel_id
WHERE i.kind = 'INVOICE' AND i.voided_at IS NULL
  AND (p.status = 'CANCELLED' OR EXISTS (
    SELECT FROM (SELECT l.order_line_id, l.quantity FROM fulfillment_invoiceline l
                 WHERE l.invoice_id = i.id) billed
    FULL JOIN (SELECT t.order_line_id, sum(c.quantity) AS quantity
               FROM fulfillment_parcelitem c JOIN fulfillment_taskline t ON t.id = c.task_line_id
               WHERE c.parcel_id = p.id GROUP BY t.order_line_id) packed USING (order_line_id)
    WHERE billed.quantity IS DISTINCT FROM packed.quantity))
""",
)

NO_MORE_IS_CREDITED = Invariant(
    code="I18",
    title="no more is given back than was invoiced, and what is void was given back as a whole",
    query="""
SELECT i.id AS invoice_id, i.code, i.gross_total, sum(n.gross_total) AS credited
FROM fulfillment_invoice i LEFT JOIN fulfillment_invoice n ON n.corrects_id = i.id
WHERE i.kind = 'INVOICE'
GROUP BY i.id
HAVING coalesce(sum(n.gross_total), 0) > i.gross_total
    OR coalesce(sum(n.tax_total), 0) > i.tax_total
    OR (i.voided_at IS NOT NULL AND i.gross_total <> coalesce(sum(n.gross_total), 0))
""",
)
