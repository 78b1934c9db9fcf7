"""Handing committed events to their subscribers, in batches, at least once."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils.module_loading import import_string

from oms.events.models import Event
from oms.kernel import sql
from oms.kernel.errors import DomainError

logger = logging.getLogger(__name__)

Handler = Callable[[Event], None]
RETRY_AFTER = timedelta(seconds=20)
PARK_AFTER = 10

# Only one relay numbers at a time, so positions appear in order: a reader of the feed that has
# seen position n will never find a smaller one later.
_LANE = "SELECT pg_advisory_xact_lock(hashtext('events.position'))"

_PLACE = """
UPDATE events_event e SET position = p.position
FROM (SELECT id, nextval('events_position_seq') AS position
      FROM unnest(%(ids)s::bigint[]) AS id) p
WHERE e.id = p.id AND e.position IS NULL
"""

_CLAIM = """
SELECT id, type FROM events_event
WHERE position IS NULL AND parked_at IS NULL AND not_before <= %(now)s
ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
"""


def subscriptions() -> Mapping[str, Sequence[Handler]]:
    """Who reacts to what: the table in `oms.subscriptions`, found through the settings."""
    table: Mapping[str, Sequence[Handler]] = import_string(settings.OMS_SUBSCRIPTIONS)
    return table


def relay_batch(*, now: datetime, limit: int = 500) -> int:
    """Relay what is due: one transaction for all, or one each when a handler fails.

    Returns how many events were taken. A handler that fails undoes only its own event, which
    comes due again later and is parked after ten attempts.
    """
    table = subscriptions()
    failed: list[int] = []
    with transaction.atomic():
        claimed = sql.rows(_CLAIM, {"now": now, "limit": limit})
        done = [pk for pk, kind in claimed if not table.get(kind)]
        handled = [pk for pk, kind in claimed if table.get(kind)]
        for event in Event.objects.filter(pk__in=handled).order_by("pk"):
            (done if _handle(event, table[event.type], now=now) else failed).append(event.pk)
        if done:
            sql.rows(_LANE, {})
            sql.rows(_PLACE, {"ids": sorted(done)})
    return len(claimed)


def _handle(event: Event, handlers: Sequence[Handler], *, now: datetime) -> bool:
    """Run an event's handlers in a savepoint; a failure is noted on the row, never raised."""
    try:
        with transaction.atomic():
            for handler in handlers:
                handler(event)
    except (DomainError, DatabaseError, LookupError, TypeError, ValueError) as exc:
        logger.exception("A handler failed; the event comes due again")
        _postpone(event, error=type(exc).__name__, now=now)
        return False
    return True


def _postpone(event: Event, *, error: str, now: datetime) -> None:
    attempts = event.attempts + 1
    Event.objects.filter(pk=event.pk).update(
        attempts=F("attempts") + 1,
        last_error=error,
        not_before=now + RETRY_AFTER * attempts,
        parked_at=now if attempts >= PARK_AFTER else None,
    )


def relay_again(*, event_id: int, now: datetime) -> bool:
    """Put a parked event back to work. False when it is not parked."""
    parked = Event.objects.filter(pk=event_id, parked_at__isnull=False)
    return bool(parked.update(parked_at=None, attempts=0, not_before=now))
