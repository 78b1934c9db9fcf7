"""Writing what tries came to: many at once, each delivery only by who still owns it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from django.db import transaction

from oms.events import formats
from oms.events.formats import Dice
from oms.events.sending import retries
from oms.events.sending.healing import Changed, heal, lock_health
from oms.events.sending.letters import Try
from oms.events.sending.renewed import keep_renewed
from oms.kernel import sql
from oms.kernel.contention import retried

# A result whose claim is gone (its lease ended, its endpoint was disabled) is kept as an attempt
# and changes nothing else. What would be tried again at a disabled endpoint waits suppressed.
_RECORD = sql.one_line("""
WITH given AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(tries)s::jsonb) AS g (
        delivery_id bigint, claim_id uuid, number int, refusals int, state text,
        retry_at timestamptz,
        started_at timestamptz, duration_ms int, outcome text, status int, error text,
        headers jsonb, answer text)
), mine AS (
    UPDATE events_delivery d
    SET state = s.state, claim_id = NULL, leased_until = NULL,
        not_before = coalesce(g.retry_at, d.not_before),
        finished_at = CASE s.state WHEN 'PENDING' THEN NULL ELSE %(now)s END,
        attempts = d.attempts + 1, tries = g.number, refusals = g.refusals,
        last_outcome = g.outcome, last_status = g.status, last_error = g.error
    FROM given g, events_endpoint p, LATERAL (
        SELECT CASE WHEN g.state = 'PENDING' AND p.state = 'DISABLED' THEN 'SUPPRESSED'
                    ELSE g.state END AS state) s
    WHERE d.id = g.delivery_id AND d.claim_id = g.claim_id AND p.id = d.endpoint_id
    RETURNING d.id
), tried AS (
    INSERT INTO events_deliveryattempt (delivery_id, number, started_at, duration_ms, outcome,
                                        status, error, request_headers, answer, is_late)
    SELECT g.delivery_id, g.number, g.started_at, g.duration_ms, g.outcome, g.status, g.error,
           g.headers, g.answer, NOT EXISTS (SELECT 1 FROM mine m WHERE m.id = g.delivery_id)
    FROM given g ORDER BY g.delivery_id
)
SELECT id FROM mine
""")


@dataclass(slots=True)
class Recorded:
    """How many deliveries ended or were postponed, how many results came late, and which
    endpoints have to be seen to."""

    counted: int = 0
    late: int = 0
    changed: Sequence[Changed] = field(default_factory=tuple)


@retried
def record(tries: Sequence[Try], *, now: datetime, dice: Dice = retries.DICE) -> Recorded:
    """Write attempts, the deliveries' next state, and the health of their endpoints.

    One transaction and four statements for any number of results. Whoever records holds the
    endpoints' health rows first, as who claims does, so the two never wait for each other twice.
    """
    by_endpoint: defaultdict[int, list[Try]] = defaultdict(list)
    for each in tries:
        by_endpoint[each.claimed.endpoint_id].append(each)
    # One JSON text: arrays of texts would be escaped one by one, which takes longer than all else.
    rows = msgspec.json.encode([_row(each, now=now, dice=dice) for each in tries]).decode()
    with transaction.atomic():
        health = lock_health(by_endpoint)
        mine = {row[0] for row in sql.rows(_RECORD, {"tries": rows, "now": now})}
        in_time = {
            endpoint_id: [each for each in found if each.claimed.delivery_id in mine]
            for endpoint_id, found in by_endpoint.items()
        }
        changed = heal(health, in_time, now=now)
        keep_renewed(tries, now=now)
    return Recorded(counted=len(mine), late=len(tries) - len(mine), changed=changed)


def _row(each: Try, *, now: datetime, dice: Dice) -> dict[str, object]:
    receiver = each.receiver
    schedule = formats.schedule_of(receiver.wire_format, receiver.endpoint, dice=dice)
    was_refused = each.status in schedule.refusing_statuses
    refusals = each.claimed.refusals + was_refused
    verdict = retries.judge(
        schedule,
        failures=refusals if was_refused else each.claimed.attempts + 1 - refusals,
        outcome=each.outcome,
        status=each.status,
        asked=each.asked,
        now=now,
        dice=dice,
    )
    return {
        "delivery_id": each.claimed.delivery_id,
        "claim_id": each.claim_id,
        "number": each.claimed.tries + 1,
        "refusals": refusals,
        "state": verdict.state,
        "retry_at": verdict.not_before,
        "started_at": each.started_at,
        "duration_ms": each.duration_ms,
        "outcome": each.outcome,
        "status": each.status,
        "error": each.error[:200],
        "headers": each.request_headers,
        "answer": each.answer,
    }
