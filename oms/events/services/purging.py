"""Forgetting deliveries, attempts and messages after their time. Events are kept for good."""

from datetime import datetime, timedelta

from oms.events import formats
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
# A message goes with the last delivery that may need it, tries with theirs.
_DELIVERIES = sql.one_line("""
WITH gone AS (
    DELETE FROM events_delivery WHERE id IN (
        SELECT id FROM events_delivery
        WHERE finished_at < %(before)s
          AND (endpoint_id = ANY(%(kept_longer)s::bigint[])) = %(is_kept_longer)s
        ORDER BY finished_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED)
    RETURNING id, event_id
), tried AS (
    DELETE FROM events_deliveryattempt WHERE delivery_id IN (SELECT id FROM gone) RETURNING id
), told AS (
    DELETE FROM events_messagebody b WHERE b.event_id IN (SELECT event_id FROM gone)
      AND NOT EXISTS (SELECT 1 FROM events_delivery d WHERE d.event_id = b.event_id
                      AND d.id NOT IN (SELECT id FROM gone))
)
SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM tried)
""")


def purge(*, now: datetime) -> dict[str, int]:
    """Forget what is older than 30 days: final deliveries with their attempts and messages, those
    of formats that keep their log longer after that time; secrets that have expired; statistics of
    more than a week. Returns the numbers.

    Deliveries that still wait are kept however old they are. In batches, so that it is never in
    anybody's way.
    """
    before = now - KEPT
    longest = max([KEPT, *formats.kept_longer().values()])
    deliveries, attempts = _deliveries(now=now)
    return {
        "attempts": attempts + _attempts(now - longest),
        "deliveries": deliveries,
        "secrets": purge_secrets(now=now),
        "tallies": EndpointTally.objects.filter(started_at__lt=now - TALLIES_KEPT).delete()[0],
        "replays": Replay.objects.filter(finished_at__lt=before).delete()[0],
        "suppressed": _suppress_leftovers(now=now),
    }


def _deliveries(*, now: datetime) -> tuple[int, int]:
    """Final deliveries and their attempts, by how long their formats keep them."""
    longer = {
        keys: kept
        for code, kept in formats.kept_longer().items()
        if (keys := tuple(Endpoint.objects.filter(format=code).values_list("pk", flat=True)))
    }
    all_longer = [key for keys in longer for key in keys]
    deliveries, attempts = _old_deliveries(now - KEPT, all_longer, is_kept_longer=False)
    for keys, kept in longer.items():
        more, tried = _old_deliveries(now - kept, list(keys), is_kept_longer=True)
        deliveries, attempts = deliveries + more, attempts + tried
    return deliveries, attempts


def _old_deliveries(
    before: datetime, kept_longer: list[int], *, is_kept_longer: bool
) -> tuple[int, int]:
    which = {"before": before, "kept_longer": kept_longer, "is_kept_longer": is_kept_longer}
    deliveries = attempts = 0
    for _ in range(BATCHES):
        [(gone, tried)] = sql.rows(_DELIVERIES, {**which, "batch": BATCH})
        deliveries, attempts = deliveries + gone, attempts + tried
        if gone < BATCH:
            break
    return deliveries, attempts


def _attempts(before: datetime) -> int:
    """What is left of deliveries that still wait."""
    total = 0
    for _ in range(BATCHES):
        taken = len(sql.rows(_ATTEMPTS, {"before": before, "batch": BATCH}))
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
