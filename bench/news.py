"""Events with deliveries, set-based, for an organization of their own.

Nobody else's events cost more because these endpoints exist, and `verify_invariants` holds.
"""

from datetime import datetime
from typing import Any

from bench import world
from bench.database import Database, without_triggers
from oms.accounts.models import Organization
from oms.events.choices import EndpointFormat, EventType
from oms.events.models import Endpoint
from oms.events.services import EndpointDraft, register_endpoint
from oms.kernel.actors import SYSTEM

ENDPOINTS = 20
IN_FLIGHT = 25  # of each endpoint: together as many as one process may have
TYPE = EventType.SPU_REQUESTED
BATCH = 2_500  # events of the past in one transaction

# About 2 kB a message, of which nothing can be compressed away. They have a position, so the relay
# leaves them alone: what is measured begins with the deliveries the trigger has written.
_EVENTS = """
INSERT INTO events_event (organization_id, type, subject_type, subject_id, sequence, channel_ref,
                          status, data, actor, cause, occurred_at, recorded_at, position)
SELECT c.organization_id, %(type)s, 'channel', c.id, l.sequence + n, c.id, '',
       jsonb_build_object('channel', c.code, 'filling',
           (SELECT string_agg(md5(n || '.' || k), '') FROM generate_series(1, 54) AS k)),
       'system:bench', '', t.at, t.at, nextval('events_position_seq')
FROM channels_app_channel c
CROSS JOIN LATERAL (SELECT coalesce(max(sequence), 0) AS sequence FROM events_event
                    WHERE subject_type = 'channel' AND subject_id = c.id) l
CROSS JOIN generate_series(1, %(events)s::int) AS n
CROSS JOIN LATERAL (SELECT now() - %(age)s::interval AS at) t
WHERE c.code = %(channel)s
ORDER BY n
"""
_BODIES = """
INSERT INTO events_messagebody (event_id, variant, body, created_at)
SELECT id, 'standard.1', convert_to(data::text, 'UTF8'), recorded_at FROM events_event
WHERE id > %(after)s AND type = %(type)s ORDER BY id
"""
_DELIVERIES = """
INSERT INTO events_delivery (event_id, endpoint_id, subject_type, subject_id, state, body_id,
                             not_before, attempts, tries, last_outcome, last_status, created_at,
                             finished_at)
SELECT e.id, p.id, e.subject_type, e.subject_id, 'DELIVERED', b.id, e.recorded_at, 1, 1,
       'DELIVERED', 204, e.recorded_at, e.recorded_at
FROM events_event e JOIN events_endpoint p ON p.organization_id = e.organization_id
JOIN events_messagebody b ON b.event_id = e.id
WHERE e.id > %(after)s AND e.type = %(type)s ORDER BY e.id, p.id
"""
_ATTEMPTS = """
INSERT INTO events_deliveryattempt (delivery_id, number, started_at, duration_ms, outcome, status,
                                    error, request_headers, answer, is_late)
SELECT d.id, 1, d.finished_at, 3, 'DELIVERED', 204, '', jsonb_build_object(
           'Content-Type', 'application/json', 'webhook-id', 'evt_' || md5(d.event_id::text),
           'webhook-timestamp', '1767225600', 'webhook-attempt', '1',
           'webhook-signature', 'v1,' || encode(sha256(d.id::text::bytea), 'base64')), '', false
FROM events_delivery d WHERE d.event_id > %(after)s ORDER BY d.id
"""


def endpoints(*, port: int, now: datetime) -> list[int]:
    """The keys of the endpoints; they are registered at the first call."""
    organization = Organization.objects.get(code=world.NEWS)
    known = list(Endpoint.objects.filter(organization=organization).values_list("pk", flat=True))
    return known or [
        register_endpoint(
            draft=EndpointDraft(
                organization_id=organization.pk,
                name=f"Sink {number}",
                url=f"http://127.0.0.1:{port}/{number}",
                format=EndpointFormat.STANDARD,
                words=(TYPE,),
                allow_private_network=True,
                max_in_flight=IN_FLIGHT,
                rate=0,
            ),
            actor=SYSTEM,
            now=now,
        ).endpoint.pk
        for number in range(1, ENDPOINTS + 1)
    ]


def write(database: Database, events: int) -> int:
    """Write events, whose deliveries are due from now on; the key of the last event before."""
    after = _last_event(database)
    database.run(_EVENTS, _params(events, age="0"))
    return after


def load_past(database: Database, *, deliveries: int) -> None:
    """So many deliveries that arrived, a day to four weeks ago, with their attempts and bodies."""
    for first in range(0, deliveries // ENDPOINTS, BATCH):
        events = min(BATCH, deliveries // ENDPOINTS - first)
        days = 28 - 27 * first * ENDPOINTS // deliveries
        with without_triggers(database), database.connection.transaction():
            span = {"after": _last_event(database), "type": TYPE}
            database.run(_EVENTS, _params(events, age=f"{days} days"))
            for statement in (_BODIES, _DELIVERIES, _ATTEMPTS):
                database.run(statement, span)
    database.vacuum()


def _params(events: int, *, age: str) -> dict[str, Any]:
    return {"events": events, "age": age, "type": TYPE, "channel": world.NEWS}


def _last_event(database: Database) -> int:
    return database.number("SELECT max(id) FROM events_event")
