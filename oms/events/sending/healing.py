"""Keeping the health of endpoints: their breaker, their window, their statistics."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from oms.events import tallies
from oms.events.choices import AttemptOutcome
from oms.events.sending import retries
from oms.events.sending.health import Health
from oms.events.sending.letters import Try
from oms.kernel import sql

_LOCK = sql.one_line("""
SELECT h.endpoint_id, p.max_in_flight, h.breaker, h.breaker_until, h.breaker_trips,
       h.breaker_successes, h.recent, h."window", h.not_before, h.failing_since,
       h.failures_in_a_row, h.warned_percent, h.last_success_at, h.last_failure_at, h.last_error
FROM events_endpointhealth h JOIN events_endpoint p ON p.id = h.endpoint_id
WHERE h.endpoint_id = ANY(%(endpoint_ids)s::bigint[])
ORDER BY h.endpoint_id FOR UPDATE OF h
""")
_WRITE = sql.one_line("""
UPDATE events_endpointhealth h
SET breaker = g.breaker, breaker_until = g.breaker_until, breaker_trips = g.breaker_trips,
    breaker_successes = g.breaker_successes, recent = g.recent, "window" = g."window",
    not_before = g.not_before, failing_since = g.failing_since,
    failures_in_a_row = g.failures_in_a_row, warned_percent = g.warned_percent,
    last_success_at = g.last_success_at, last_failure_at = g.last_failure_at,
    last_error = g.last_error
FROM jsonb_to_recordset(%(rows)s::jsonb) AS g (
    endpoint_id bigint, breaker text, breaker_until timestamptz, breaker_trips int,
    breaker_successes int, recent jsonb, "window" int, not_before timestamptz,
    failing_since timestamptz, failures_in_a_row int, warned_percent int,
    last_success_at timestamptz, last_failure_at timestamptz, last_error text)
WHERE h.endpoint_id = g.endpoint_id
""")
_TALLY = sql.one_line("""
INSERT INTO events_endpointtally AS t (endpoint_id, started_at, attempts, failures, durations)
SELECT g.endpoint_id, %(begin)s, g.attempts, g.failures, g.durations
FROM jsonb_to_recordset(%(rows)s::jsonb)
    AS g (endpoint_id bigint, attempts int, failures int, durations int[])
ORDER BY g.endpoint_id
ON CONFLICT (endpoint_id, started_at) DO UPDATE
SET attempts = t.attempts + excluded.attempts, failures = t.failures + excluded.failures,
    durations = ARRAY(SELECT a + b FROM unnest(t.durations, excluded.durations) AS s (a, b))
""")

_OURS = frozenset({AttemptOutcome.UNRENDERED})  # failures that say nothing about the receiver


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """An endpoint somebody has to see to: to be disabled for a reason, or warned about."""

    endpoint_id: int
    disable_for: str = ""
    warn_at: int | None = None


def lock_health(endpoint_ids: Iterable[int]) -> dict[int, Health]:
    """The health rows of endpoints, locked in the order of their keys."""
    found = sql.records(_LOCK, {"endpoint_ids": sorted(endpoint_ids)})
    for row in found:
        row["recent"] = msgspec.json.decode(row["recent"])  # the driver leaves JSON as text
    return {row["endpoint_id"]: Health(**row) for row in found}


def heal(
    rows: Mapping[int, Health], tries: Mapping[int, Sequence[Try]], *, now: datetime
) -> list[Changed]:
    """Work results into locked health rows and statistics; says which endpoints need more."""
    touched = {key: found for key, found in tries.items() if found and key in rows}
    if not touched:
        return []
    changed: list[Changed] = []
    for key, found in touched.items():
        for each in found:
            _work_in(rows[key], each, now=now)
        changed += _consequence(rows[key], found, now=now)
    _write([rows[key] for key in touched])
    _tally(touched, now=now)
    return changed


def _work_in(row: Health, each: Try, *, now: datetime) -> None:
    if each.outcome == AttemptOutcome.DELIVERED:
        row.succeed(now=now)
    elif each.outcome not in _OURS:
        row.fail(each.outcome, error=each.error[:200], now=now)
    heeds = each.receiver.wire_format.schedule.heeds_retry_after
    if heeds and each.asked is not None and each.status in retries.ASKING_STATUSES:
        row.pause(now + min(each.asked, retries.LONGEST_ASKED))


def _consequence(row: Health, tries: Sequence[Try], *, now: datetime) -> list[Changed]:
    if any(each.outcome == AttemptOutcome.GONE for each in tries):
        reason = "The receiver says it is gone for good"
        return [Changed(endpoint_id=row.endpoint_id, disable_for=reason)]
    step = row.due_warning(now=now)
    reason = "Every try of the last five days failed" if row.is_given_up(now=now) else ""
    if not reason and step is None:
        return []
    return [Changed(endpoint_id=row.endpoint_id, disable_for=reason, warn_at=step)]


def _write(rows: Sequence[Health]) -> None:
    sql.rows(_WRITE, {"rows": msgspec.json.encode(rows).decode()})


def _tally(tries: Mapping[int, Sequence[Try]], *, now: datetime) -> None:
    rows = []
    for key, found in tries.items():
        counted = [each for each in found if each.outcome not in _OURS]
        if counted:
            rows.append({"endpoint_id": key, **_counts(counted)})
    if rows:
        encoded = msgspec.json.encode(rows).decode()
        sql.rows(_TALLY, {"rows": encoded, "begin": tallies.begin_of(now)})


def _counts(tries: Sequence[Try]) -> dict[str, object]:
    durations = [0] * tallies.PLACES
    for each in tries:
        durations[tallies.place_of(each.duration_ms)] += 1
    failures = sum(each.outcome != AttemptOutcome.DELIVERED for each in tries)
    return {"attempts": len(tries), "failures": failures, "durations": durations}
