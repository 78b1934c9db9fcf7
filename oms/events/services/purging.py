"""Forgetting deliveries, attempts and messages after their time. Events are kept for good."""

from datetime import datetime, timedelta

from oms.events.choices import EndpointState
from oms.events.models import Endpoint, EndpointTally, Replay
from oms.events.sending import disabling
from oms.events.services.secrets import purge_secrets
from oms.kernel import sql

KEPT = timedelta(days=30)
TALLIES_KEPT = timedelta(days=8)  # statistics look back seven days
BATCH = 2_000
BATCHES = 20  # of each kind in one run; the next run goes on

_ATTEMPTS = sql.one_line("""
DELETE FROM events_deliveryattempt WHERE id IN (
    SELECT id FROM (SELECT id, started_at FROM events_deliveryattempt ORDER BY id LIMIT %(batch)s) a
    WHERE a.started_at < %(before)s)
RETURNING id
""")
# A message goes with the last delivery that may need it.
_DELIVERIES = sql.one_line("""
WITH gone AS (
    DELETE FROM events_delivery WHERE id IN (
        SELECT id FROM events_delivery WHERE finished_at < %(before)s
        ORDER BY finished_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED)
    RETURNING id, event_id
), tried AS (
    DELETE FROM events_deliveryattempt WHERE delivery_id IN (SELECT id FROM gone)
), told AS (
    DELETE FROM events_messagebody b WHERE b.event_id IN (SELECT event_id FROM gone)
      AND NOT EXISTS (SELECT 1 FROM events_delivery d WHERE d.event_id = b.event_id
                      AND d.id NOT IN (SELECT id FROM gone))
)
SELECT id FROM gone
""")


def purge(*, now: datetime) -> dict[str, int]:
    """Forget what is older than 30 days: attempts, final deliveries and their messages; secrets
    that have expired; statistics of more than a week. Returns the numbers.

    Deliveries that still wait are kept however old they are. In batches, so that it is never in
    anybody's way.
    """
    before = now - KEPT
    return {
        "attempts": _batches(_ATTEMPTS, before),
        "deliveries": _batches(_DELIVERIES, before),
        "secrets": purge_secrets(now=now),
        "tallies": EndpointTally.objects.filter(started_at__lt=now - TALLIES_KEPT).delete()[0],
        "replays": Replay.objects.filter(finished_at__lt=before).delete()[0],
        "suppressed": _suppress_leftovers(now=now),
    }


def _batches(statement: str, before: datetime) -> int:
    total = 0
    for _ in range(BATCHES):
        taken = len(sql.rows(statement, {"before": before, "batch": BATCH}))
        total += taken
        if taken < BATCH:
            break
    return total


def _suppress_leftovers(*, now: datetime) -> int:
    """What was written or sent while its endpoint was being disabled."""
    rows = Endpoint.objects.filter(state=EndpointState.DISABLED)
    waiting = rows.filter(deliveries__state="PENDING", deliveries__claim_id=None).distinct()
    keys = list(waiting.values_list("pk", flat=True))
    return sum(disabling.suppress_pending(endpoint_id=key, now=now) for key in keys)
