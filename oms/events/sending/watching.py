"""What each try tells the metrics and the traces."""

from collections.abc import Sequence

from oms.events.choices import AttemptOutcome
from oms.events.models import Event
from oms.events.sending.letters import Try
from oms.kernel import metrics, tracing


def observe(tries: Sequence[Try]) -> None:
    """Count tries by format and outcome; where tracing is on, each is a span of its event's trace.

    Called where the tries are recorded, once each. Reads events only for traces.
    """
    for each in tries:
        metrics.count_attempt(
            wire_format=each.receiver.wire_format.code,
            outcome=each.outcome,
            seconds=each.duration_ms / 1000,
        )
    if tracing.is_on():
        _trace(tries)


def _trace(tries: Sequence[Try]) -> None:
    ids = {each.claimed.event_id for each in tries}
    events = Event.objects.only("type", "trace", "public_id").in_bulk(ids)
    for each in tries:
        event = events[each.claimed.event_id]
        tracing.past_span(
            f"deliver {event.type}",
            parent=event.trace,
            started_at=each.started_at,
            milliseconds=each.duration_ms,
            failed="" if each.outcome == AttemptOutcome.DELIVERED else str(each.outcome),
            attributes={
                "event": str(event.public_id),
                "endpoint": each.receiver.endpoint.name,
                "format": str(each.receiver.wire_format.code),
                "outcome": str(each.outcome),
                "status": each.status or 0,
                "try": each.claimed.tries + 1,
            },
        )
