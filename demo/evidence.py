"""What the database itself says after a fault test. Read only."""

from collections.abc import Iterator, Mapping

import psycopg

from demo.orders import Purchase

STORED = """
    SELECT o.external_id, count(DISTINCT o.id), count(l.id), coalesce(sum(l.quantity_ordered), 0)
    FROM orders_order o LEFT JOIN orders_orderline l ON l.order_id = o.id
    GROUP BY o.external_id
"""
LABELS = {
    "parcels with more than one live label": """
        SELECT parcel_id FROM fulfillment_document
        WHERE kind = 'LABEL' AND status <> 'VOID' GROUP BY parcel_id HAVING count(*) > 1
    """,
    "labels of one parcel with different references or contents": """
        SELECT parcel_id FROM fulfillment_document
        WHERE kind = 'LABEL' AND status = 'READY' GROUP BY parcel_id
        HAVING count(DISTINCT reference) > 1 OR count(DISTINCT content_id) > 1
    """,
    "packed parcels of a channel's carrier without a label": """
        SELECT p.id FROM fulfillment_parcel p JOIN fulfillment_fulfillmenttask t ON t.id = p.task_id
        WHERE t.delivery <> 'OWN_CARRIER' AND p.status NOT IN ('PLANNED', 'CANCELLED')
        AND NOT EXISTS (SELECT FROM fulfillment_document d
                        WHERE d.parcel_id = p.id AND d.kind = 'LABEL' AND d.status = 'READY')
    """,
    "labels that were ready more than once": """
        SELECT subject_id FROM events_event
        WHERE type = 'label.ready' GROUP BY subject_type, subject_id, data
        HAVING count(*) > 1
    """,
}


def contradictions(database_url: str, purchases: Mapping[str, Purchase]) -> Iterator[str]:
    """One sentence per order that is lost, doubled or changed, and per kind of bad label."""
    with psycopg.connect(database_url) as connection:
        stored = {row[0]: row[1:] for row in connection.execute(STORED)}
        for number, purchase in purchases.items():
            expected = (1, len(purchase.lines), purchase.units)
            if stored.get(number) != expected:
                yield f"{number}: expected {expected}, the database has {stored.get(number)}"
        for number in sorted(stored.keys() - purchases.keys()):
            yield f"{number}: stored, but never sent"
        for sentence, query in LABELS.items():
            if rows := connection.execute(query).fetchall():
                yield f"{len(rows)} {sentence}: {[row[0] for row in rows[:5]]}"
