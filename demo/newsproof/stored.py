"""What the database says about news. Read only, as the owner; no model is needed."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import psycopg

from demo.newsproof.accounts import Key, Tried

# From the events themselves, not from the deliveries that were made of them.
EXPECTED = """
SELECT p.url, replace(e.public_id::text, '-', '')
FROM events_event e JOIN events_endpoint p ON p.organization_id = e.organization_id
WHERE p.removed_at IS NULL AND e.type = ANY(p.types) AND e.recorded_at > p.types_since
"""
TRIED = """
SELECT p.url, replace(e.public_id::text, '-', ''), count(*),
       count(*) FILTER (WHERE a.outcome <> 'DELIVERED' OR a.is_late)
FROM events_deliveryattempt a JOIN events_delivery d ON d.id = a.delivery_id
JOIN events_event e ON e.id = d.event_id JOIN events_endpoint p ON p.id = d.endpoint_id
GROUP BY p.url, e.public_id
"""
NOT_DELIVERED = """
SELECT count(*) FROM events_delivery d JOIN events_endpoint p ON p.id = d.endpoint_id
WHERE p.removed_at IS NULL AND d.state <> 'DELIVERED'
"""
NOT_RELAYED = "SELECT count(*) FROM events_event WHERE position IS NULL AND parked_at IS NULL"
WAITING = """
SELECT count(*) FROM events_delivery
WHERE endpoint_id = ANY(%(endpoint_ids)s) AND state = 'PENDING' AND tries = 0
"""
LEASED = "SELECT count(*) FROM events_delivery WHERE claim_id IS NOT NULL"
FIRST_TRIES = """
SELECT extract(epoch FROM a.started_at - e.recorded_at)::float8
FROM events_event e JOIN events_delivery d ON d.event_id = e.id
JOIN events_deliveryattempt a ON a.delivery_id = d.id AND a.number = 1
WHERE e.id > %(after)s AND d.endpoint_id = ANY(%(endpoint_ids)s)
"""
SLOWEST = """
SELECT coalesce(max(extract(epoch FROM d.finished_at - d.created_at)), 0)::float8
FROM events_delivery d JOIN events_endpoint p ON p.id = d.endpoint_id
WHERE p.removed_at IS NULL
"""
LAST_EVENT = "SELECT coalesce(max(id), 0) FROM events_event"


class Stored:
    """One connection, each statement its own transaction."""

    def __init__(self, database_url: str) -> None:
        self._connection = psycopg.connect(database_url, autocommit=True)

    def expected(self) -> set[Key]:
        """What has to arrive: every event at every endpoint that subscribed to it."""
        return {_key(url, name) for url, name in self._rows(EXPECTED)}

    def tried(self) -> dict[Key, Tried]:
        """The tries on record."""
        return {_key(url, name): Tried(tries, bad) for url, name, tries, bad in self._rows(TRIED)}

    def unfinished(self) -> int:
        """Events to be relayed, and deliveries to be made or given up."""
        return self._number(NOT_RELAYED) + self._number(NOT_DELIVERED)

    def waiting(self, endpoint_ids: Sequence[int]) -> int:
        """Deliveries that were never tried, or are being tried for the first time."""
        return self._number(WAITING, endpoint_ids=list(endpoint_ids))

    def leased(self) -> int:
        return self._number(LEASED)

    def first_tries(self, endpoint_ids: Sequence[int], *, after: int) -> list[float]:
        """Seconds from each later event to the first try at each of the endpoints."""
        found = self._rows(FIRST_TRIES, endpoint_ids=list(endpoint_ids), after=after)
        return [row[0] for row in found]

    def slowest(self) -> float:
        """Seconds the slowest delivery took from its event on."""
        seconds: float = self._rows(SLOWEST)[0][0]
        return seconds

    def last_event(self) -> int:
        return self._number(LAST_EVENT)

    def close(self) -> None:
        self._connection.close()

    def _rows(self, statement: str, **params: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement.encode(), params).fetchall()

    def _number(self, statement: str, **params: object) -> int:
        return int(self._rows(statement, **params)[0][0])


def _key(url: str, name: str) -> Key:
    return urlsplit(url).path, f"evt_{name}"
