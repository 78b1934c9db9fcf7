"""How much work waits, and for how long: one cheap query, made when Prometheus asks."""

from collections.abc import Iterator

from django.db import Error, connection
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

# Every subselect reads a partial index of waiting rows, which is small unless something is wrong.
_QUERY = """
SELECT
    (SELECT count(*) FROM orders_order WHERE allocation_due_at IS NOT NULL),
    (SELECT extract(epoch FROM CURRENT_TIMESTAMP - min(allocation_due_at)) FROM orders_order
     WHERE allocation_due_at <= CURRENT_TIMESTAMP),
    (SELECT count(*) FROM events_event WHERE position IS NULL AND parked_at IS NULL),
    (SELECT extract(epoch FROM CURRENT_TIMESTAMP - min(recorded_at)) FROM events_event
     WHERE position IS NULL AND parked_at IS NULL),
    (SELECT count(*) FROM events_event WHERE parked_at IS NOT NULL),
    (SELECT count(*) FROM fulfillment_document WHERE status = 'PENDING'),
    (SELECT extract(epoch FROM CURRENT_TIMESTAMP - min(created_at)) FROM fulfillment_document
     WHERE status = 'PENDING')
"""

_NAMES = (
    ("oms_orders_waiting", "Orders that wait for routing"),
    ("oms_allocation_oldest_due_seconds", "How long the longest due order waits for routing"),
    ("oms_events_unrelayed", "Events not handed to their subscribers yet"),
    ("oms_events_unrelayed_oldest_seconds", "Age of the oldest event not handed on yet"),
    ("oms_events_parked", "Events given up on until somebody looks"),
    ("oms_labels_pending", "Labels asked for and not there yet"),
    ("oms_labels_pending_oldest_seconds", "Age of the oldest label that is not there yet"),
)


class Gauges(Collector):
    """What waits now. Without a database there is only `oms_database_up 0`."""

    def collect(self) -> Iterator[Metric]:
        """Ask the database and name the answers."""
        try:
            with connection.cursor() as cursor:
                cursor.execute(_QUERY)
                found = cursor.fetchone()
        except Error:
            found = None
        yield _gauge("oms_database_up", "Whether the database answers", float(found is not None))
        for (name, text), value in zip(_NAMES, found or (), strict=False):
            yield _gauge(name, text, max(float(value or 0), 0.0))


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)
