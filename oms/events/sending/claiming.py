"""Taking due deliveries, so that no other worker takes them too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import transaction

from oms.events import formats
from oms.events.leases import LEASE
from oms.kernel import sql

FAIR_SHARE = 50  # deliveries of one endpoint in one claim
PATIENCE = 10  # failures after which a delivery holds up nobody but its own endpoint

# Whoever holds an endpoint's health row is the only one who claims for it. The budget is worked
# out by the next statement, whose snapshot is taken with the lock in hand: in the same statement
# it could miss what a rival claimed and committed a moment before. Who was served longest ago
# comes first. What is looked for per endpoint are scalar subqueries, so that each stays one probe
# of an index: as a join, a backlog somewhere would be read whole.
_LOCK = sql.one_line("""
SELECT h.endpoint_id
FROM events_endpoint p
JOIN events_endpointhealth h ON h.endpoint_id = p.id
WHERE p.state = 'ACTIVE' AND p.removed_at IS NULL
  AND (h.breaker <> 'OPEN' OR h.breaker_until <= %(now)s)
  AND (h.not_before IS NULL OR h.not_before <= %(now)s)
  AND (NOT %(only_sound)s::boolean OR h.failures_in_a_row = 0)
  AND (p.rate = 0
       OR h.tokens + p.rate * greatest(extract(epoch FROM %(now)s - h.tokens_at), 0) >= 1)
  AND (SELECT count(*) FROM events_delivery f WHERE f.endpoint_id = p.id AND f.claim_id IS NOT NULL)
      < CASE h.breaker WHEN 'CLOSED' THEN least(h.window, p.max_in_flight) ELSE 1 END
  AND (SELECT d.id FROM events_delivery d
       WHERE d.endpoint_id = p.id AND d.state = 'PENDING' AND d.not_before <= %(now)s
         AND d.claim_id IS NULL
       ORDER BY d.not_before, d.id LIMIT 1) IS NOT NULL
ORDER BY h.tokens_at LIMIT %(most)s
FOR UPDATE OF h SKIP LOCKED
""")

# Endpoints whose format orders them together are one receiver when client and origin of the URL are
# the same: what one of them was to be told before, all wait for. Only events of one subject are
# compared, and these are written under one lock, so their ids are in their order.
#
# The bucket holds a tenth of a second's worth: within any second at most 1.1 times the rate (and
# one more at rates below ten) leaves here. In flight: up to the window, which is 1 on probation.
_CLAIM = sql.one_line("""
WITH budget AS MATERIALIZED (
    SELECT p.id, p.is_ordered, p.rate, t.tokens,
           least(CASE h.breaker WHEN 'CLOSED' THEN least(h.window, p.max_in_flight) ELSE 1 END
                     - (SELECT count(*) FROM events_delivery f
                        WHERE f.endpoint_id = p.id AND f.claim_id IS NOT NULL),
                 CASE WHEN p.rate = 0 THEN %(share)s ELSE floor(t.tokens) END,
                 %(share)s)::int AS room,
           CASE WHEN p.is_ordered AND p.format = ANY(%(together)s::text[]) THEN ARRAY(
               SELECT s.id FROM events_endpoint s
               WHERE s.organization_id = p.organization_id AND s.id <> p.id
                 AND s.format = p.format AND s.client_id IS NOT DISTINCT FROM p.client_id
                 AND s.is_ordered AND s.state = 'ACTIVE' AND s.removed_at IS NULL
                 AND substring(s.url FROM %(origin)s::text) = substring(p.url FROM %(origin)s::text)
           ) END AS others
    FROM events_endpoint p
    JOIN events_endpointhealth h ON h.endpoint_id = p.id
    CROSS JOIN LATERAL (
        SELECT least(greatest(p.rate / 10, 1),
                     h.tokens + p.rate * greatest(extract(epoch FROM %(now)s - h.tokens_at), 0))
               AS tokens
    ) t
    WHERE p.id = ANY(%(endpoint_ids)s::bigint[])
), due AS MATERIALIZED (
    SELECT b.id AS endpoint_id, d.id, d.not_before
    FROM budget b
    CROSS JOIN LATERAL (
        SELECT d.id, d.not_before FROM events_delivery d
        WHERE d.endpoint_id = b.id AND d.state = 'PENDING' AND d.not_before <= %(now)s
          AND d.claim_id IS NULL
          AND (NOT b.is_ordered OR NOT EXISTS (
              SELECT 1 FROM events_delivery o
              WHERE o.endpoint_id = d.endpoint_id AND o.subject_type = d.subject_type
                AND o.subject_id = d.subject_id AND o.state = 'PENDING' AND o.id < d.id))
          AND (b.others IS NULL OR NOT EXISTS (
              SELECT 1 FROM events_delivery o
              WHERE o.endpoint_id = ANY(b.others) AND o.subject_type = d.subject_type
                AND o.subject_id = d.subject_id AND o.state = 'PENDING'
                AND o.event_id < d.event_id AND o.attempts <= %(patience)s))
        ORDER BY d.not_before, d.id LIMIT b.room FOR UPDATE OF d SKIP LOCKED
    ) d
    WHERE b.room > 0
), chosen AS (
    SELECT id FROM (
        SELECT id, not_before,
               row_number() OVER (PARTITION BY endpoint_id ORDER BY not_before, id) AS turn
        FROM due) turns
    ORDER BY turn, not_before, id LIMIT %(most)s
), taken AS (
    UPDATE events_delivery d
    SET claim_id = %(claim_id)s, leased_until = %(leased_until)s, slot = %(slot)s::smallint
    FROM chosen WHERE d.id = chosen.id
    RETURNING d.id, d.endpoint_id, d.event_id, d.body_id, d.attempts, d.tries, d.replays,
              d.refusals
), paid AS (
    UPDATE events_endpointhealth h
    SET tokens = CASE b.rate WHEN 0 THEN 0 ELSE b.tokens - t.number END, tokens_at = %(now)s,
        breaker = CASE h.breaker WHEN 'OPEN' THEN 'HALF_OPEN' ELSE h.breaker END,
        breaker_successes = CASE h.breaker WHEN 'OPEN' THEN 0 ELSE h.breaker_successes END
    FROM (SELECT endpoint_id, count(*) AS number FROM taken GROUP BY endpoint_id) t
    JOIN budget b ON b.id = t.endpoint_id
    WHERE h.endpoint_id = t.endpoint_id
)
SELECT id, endpoint_id, event_id, body_id, attempts, tries, replays, refusals
FROM taken ORDER BY id
""")

_ORIGIN = "^[^/]*//[^/?#]*"

_RELEASE = sql.one_line("""
UPDATE events_delivery SET claim_id = NULL, leased_until = NULL
WHERE claim_id IS NOT NULL AND leased_until <= %(now)s
RETURNING id
""")

_NEWEST = "SELECT coalesce(max(id), 0) FROM events_delivery"

_RELEASE_SLOTS = sql.one_line("""
UPDATE events_delivery SET claim_id = NULL, leased_until = NULL
WHERE claim_id IS NOT NULL AND slot = ANY(%(slots)s::smallint[])
RETURNING id
""")


class Claimed(NamedTuple):
    """A delivery that is ours until its lease ends."""

    delivery_id: int
    endpoint_id: int
    event_id: int
    body_id: int | None
    attempts: int
    tries: int
    replays: int
    refusals: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """What one claim took. Results count only under its id."""

    claim_id: UUID
    deliveries: Sequence[Claimed]


def claim(*, now: datetime, most: int, only_sound: bool = False, slot: int | None = None) -> Claim:
    """Take up to `most` due deliveries, the oldest of each endpoint first, in turns.

    Only of active endpoints whose breaker, pause, rate and window allow it; of an ordered
    endpoint only what no earlier delivery of the same subject is pending before, neither there nor
    at an endpoint it is ordered together with. `only_sound` leaves out endpoints whose last try
    failed; `slot` is the worker's in its lane. Raw SQL, because it runs many times a second over
    all endpoints (docs/adr/0008).
    """
    claim_id = uuid4()
    with transaction.atomic():
        asked: dict[str, object] = {"now": now, "only_sound": only_sound, "most": most}
        ready = [row[0] for row in sql.rows(_LOCK, asked)]
        if not ready:
            return Claim(claim_id, ())
        taken = sql.rows(
            _CLAIM,
            {
                "now": now,
                "endpoint_ids": ready,
                "share": min(FAIR_SHARE, most),
                "together": sorted(formats.ordered_together()),
                "origin": _ORIGIN,
                "patience": PATIENCE,
                "most": most,
                "claim_id": claim_id,
                "slot": slot,
                "leased_until": now + LEASE,
            },
        )
    return Claim(claim_id, [Claimed(*row) for row in taken])


def newest() -> int:
    """The newest delivery's id: far cheaper to ask for than a claim that finds nothing."""
    return int(sql.rows(_NEWEST, {})[0][0])


def release_expired(*, now: datetime) -> int:
    """Free what a worker claimed that is gone. Its result, should it come yet, changes nothing.

    Returns how many deliveries that is.
    """
    return len(sql.rows(_RELEASE, {"now": now}))


def release_orphaned(*, slots: Sequence[int]) -> int:
    """Free what earlier holders of these slots had claimed: nobody holds them, so those are gone.

    Else a killed worker would keep the window of every endpoint full until its leases end.
    Returns how many deliveries that is.
    """
    return len(sql.rows(_RELEASE_SLOTS, {"slots": list(slots)}))
