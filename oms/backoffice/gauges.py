"""How much work waits, and for how long: a few cheap queries, made when Prometheus asks."""

from collections.abc import Iterator
from typing import Any

from django.db import Error, connection
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from oms.events.choices import BreakerState, EndpointState
from oms.inbox.kinds import all_kinds
from oms.kernel import walls

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
     WHERE status = 'PENDING'),
    (SELECT extract(epoch FROM CURRENT_TIMESTAMP - min(due_at)) FROM fulfillment_labelwatch
     WHERE due_at <= CURRENT_TIMESTAMP),
    (SELECT extract(epoch FROM CURRENT_TIMESTAMP - min(d.due)) FROM events_endpoint p
     CROSS JOIN LATERAL (SELECT min(not_before) AS due FROM events_delivery
                         WHERE endpoint_id = p.id AND state = 'PENDING') d
     WHERE p.state = 'ACTIVE' AND p.removed_at IS NULL AND d.due <= CURRENT_TIMESTAMP),
    (SELECT count(*) FROM events_delivery
     WHERE claim_id IS NOT NULL AND leased_until < CURRENT_TIMESTAMP)
"""

_NAMES = (
    ("oms_orders_waiting", "Orders that wait for routing"),
    ("oms_allocation_oldest_due_seconds", "How long the longest due order waits for routing"),
    ("oms_events_unrelayed", "Events not handed to their subscribers yet"),
    ("oms_events_unrelayed_oldest_seconds", "Age of the oldest event not handed on yet"),
    ("oms_events_parked", "Events given up on until somebody looks"),
    ("oms_labels_pending", "Labels asked for and not there yet"),
    ("oms_labels_pending_oldest_seconds", "Age of the oldest label that is not there yet"),
    ("oms_label_watches_oldest_due_seconds", "How long a carrier waits longest to be asked"),
    ("oms_deliveries_oldest_due_seconds", "How long the longest due news waits to be sent"),
    ("oms_deliveries_lease_overdue", "Claimed deliveries whose lease has ended"),
)

_ENDPOINTS = """
SELECT p.state, coalesce(h.breaker, 'CLOSED'), count(*)
FROM events_endpoint p LEFT JOIN events_endpointhealth h ON h.endpoint_id = p.id
WHERE p.removed_at IS NULL GROUP BY 1, 2
"""
_STUCK = "SELECT kind, count(*) FROM inbox_entry WHERE closed_at IS NULL GROUP BY kind"


class Gauges(Collector):
    """What waits now. Without a database there is only `oms_database_up 0`."""

    def collect(self) -> Iterator[Metric]:
        """Ask the database and name the answers."""
        try:
            walls.outside()
            [waiting], endpoints, stuck = (_asked(query) for query in (_QUERY, _ENDPOINTS, _STUCK))
        except Error:
            yield _gauge("oms_database_up", "Whether the database answers", 0.0)
            return
        yield _gauge("oms_database_up", "Whether the database answers", 1.0)
        for (name, text), value in zip(_NAMES, waiting, strict=True):
            yield _gauge(name, text, max(float(value or 0), 0.0))
        yield from _of_endpoints(endpoints)
        yield _labelled("oms_inbox_open", "Stuck, by kind", "kind", _all(all_kinds(), dict(stuck)))


def _asked(query: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def _of_endpoints(rows: list[tuple[str, str, int]]) -> Iterator[Metric]:
    states: dict[str, int] = {}
    breakers: dict[str, int] = {}
    for state, breaker, found in rows:
        states[state] = states.get(state, 0) + found
        breakers[breaker] = breakers.get(breaker, 0) + found
    known = _all(EndpointState.values, states)
    yield _labelled("oms_endpoints", "Endpoints, by state", "state", known)
    known = _all(BreakerState.values, breakers)
    yield _labelled("oms_breakers", "Endpoints, by state of their breaker", "state", known)


def _all(names: Any, found: dict[str, int]) -> dict[str, int]:
    """With a zero for what there is none of: an alert needs the series."""
    return dict.fromkeys(names, 0) | found


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def _labelled(name: str, text: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for value, found in values.items():
        family.add_metric([value], float(found))
    return family
