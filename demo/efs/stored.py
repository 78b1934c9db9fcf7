"""What the database says of a run. Read only, as the owner; no model is needed."""

import psycopg

from demo.efs.scenery import efs_code
from tests.simulators.wms_books import Key, Theirs

UNITS = """
SELECT o.external_id, s.code, sum(l.quantity_ordered)::int, sum(l.quantity_shipped)::int,
       sum(l.quantity_cancelled)::int
FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
JOIN catalog_sku s ON s.id = l.sku_id
JOIN accounts_organization g ON g.id = o.organization_id
WHERE g.code = %(organization)s GROUP BY o.external_id, s.code
"""
INVOICES = """
SELECT i.code, i.gross_total::float8
FROM fulfillment_invoice i JOIN accounts_organization g ON g.id = i.organization_id
WHERE g.code = %(organization)s AND i.kind = 'INVOICE'
"""
TRACKING_NUMBERS = """
SELECT p.tracking_number
FROM fulfillment_parcel p JOIN accounts_organization g ON g.id = p.organization_id
WHERE g.code = %(organization)s AND p.status <> 'CANCELLED'
"""
RESULTS = """
SELECT u.external_id, u.qc_status
FROM returns_returnunit u JOIN returns_returnorder r ON r.id = u.return_order_id
JOIN accounts_organization g ON g.id = r.organization_id
WHERE g.code = %(organization)s AND u.qc_status <> 'PENDING'
"""
GAPS = """
SELECT s.kind, s.year, s.last_number, count(i.id), coalesce(max(i.number), 0)
FROM fulfillment_invoiceseries s LEFT JOIN fulfillment_invoice i ON i.series_id = s.id
GROUP BY s.id HAVING s.last_number <> count(i.id) OR s.last_number <> coalesce(max(i.number), 0)
"""


def read(database_url: str, organization: str) -> Theirs:
    """Everything of one organization, by the warehouse's codes."""
    found = Theirs()
    told = {"organization": organization}
    with psycopg.connect(database_url) as connection:
        for order, sku, ordered, shipped, cancelled in connection.execute(UNITS, told):
            key: Key = (order, efs_code(sku))
            for units, count in (
                (found.ordered, ordered),
                (found.shipped, shipped),
                (found.cancelled, cancelled),
            ):
                if count:
                    units[key] = count
        found.invoices = dict(connection.execute(INVOICES, told).fetchall())
        found.tracking_numbers = {row[0] for row in connection.execute(TRACKING_NUMBERS, told)}
        found.results = dict(connection.execute(RESULTS, told).fetchall())
    return found


def gaps(database_url: str) -> list[str]:
    """Series of invoices whose numbers are not 1, 2, 3 and so on."""
    with psycopg.connect(database_url) as connection:
        return [
            f"series {kind} {year}: {count} numbers up to {highest}, {last} drawn"
            for kind, year, last, count, highest in connection.execute(GAPS)
        ]
