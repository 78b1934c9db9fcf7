"""Handing committed events to their subscribers, in batches, at least once."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils.module_loading import import_string

from oms.events import hints
from oms.events.models import Event
from oms.kernel import logs, sql, tracing
from oms.kernel.errors import DomainError

logger = logging.getLogger(__name__)

Handler = Callable[[Event], None]
RETRY_AFTER = timedelta(seconds=20)
PARK_AFTER = 10

# Only one relay numbers at a time, so positions appear in order: a reader of the feed that has
# seen position n will never find a smaller one later.
_LANE = "SELECT pg_advisory_xact_lock(hashtext('events.position'))"

# The rows are claimed, so none has a position. To ask for that again would make the planner read
# all that wait, by their partial index, once for each of these.
_PLACE = """
UPDATE events_event e SET position = p.position
FROM (SELECT id, nextval('events_position_seq') AS position
      FROM unnest(%(ids)s::bigint[]) AS id) p
WHERE e.id = p.id
"""

_HAVE_DELIVERIES = """
SELECT EXISTS (SELECT 1 FROM events_delivery
               WHERE event_id = ANY(%(ids)s::bigint[]) AND state = 'PENDING')
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
    """Relay what is due, in the order it was written. Returns how many events were taken.

    Events nobody subscribed to go through in one transaction; one with subscribers gets a
    transaction of its own, because its handlers lock orders and stock. A handler that fails
    undoes only its own event, which comes due again later and is parked after ten attempts.
    """
    table = subscriptions()
    with transaction.atomic():
        claimed = sql.rows(_CLAIM, {"now": now, "limit": limit})
        ready = _until_subscribed(claimed, table)
        if claimed and not ready:
            event = Event.objects.get(pk=claimed[0][0])
            ready = [event.pk] if _handle(event, table[event.type], now=now) else []
            claimed = claimed[:1]
        if ready:
            sql.rows(_LANE, {})
            sql.rows(_PLACE, {"ids": ready})
            _hint_deliveries(ready)
    return len(ready) or len(claimed)


def _hint_deliveries(event_ids: Sequence[int]) -> None:
    """Have the news sent at once, if somebody is to hear of any of these events."""
    if sql.rows(_HAVE_DELIVERIES, {"ids": event_ids}) == [(True,)]:
        hints.DELIVERIES.after_commit()


def _until_subscribed(
    claimed: Sequence[tuple[int, str]], table: Mapping[str, Sequence[Handler]]
) -> list[int]:
    """The events before the first one that somebody reacts to."""
    return [pk for pk, _ in takewhile(lambda row: not table.get(row[1]), claimed)]


def _handle(event: Event, handlers: Sequence[Handler], *, now: datetime) -> bool:
    """Run an event's handlers in a savepoint; a failure is noted on the row, never raised."""
    order = str(event.data.get("order", ""))
    try:
        with (
            logs.about(event=str(event.public_id), order=order),
            tracing.span(f"relay {event.type}", parent=event.trace, order=order),
            transaction.atomic(),
        ):
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
