"""Making the messages of claimed deliveries, before anything is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from oms.events.choices import AttemptOutcome
from oms.events.models import Event
from oms.events.sending import bodies
from oms.events.sending.bodies import Body, Made, Nothing, Unmade
from oms.events.sending.claiming import Claim, Claimed
from oms.events.sending.letters import Message, Receiver, Try
from oms.events.sending.receivers import Receivers
from oms.kernel import sql

UNREADABLE_FOR = timedelta(minutes=5)

_PIN = sql.one_line("""
UPDATE events_delivery d SET body_id = p.body_id
FROM unnest(%(delivery_ids)s::bigint[], %(body_ids)s::bigint[]) AS p (delivery_id, body_id)
WHERE d.id = p.delivery_id AND d.claim_id = %(claim_id)s
""")
_SKIP = sql.one_line("""
UPDATE events_delivery
SET state = 'SKIPPED', claim_id = NULL, leased_until = NULL, finished_at = %(now)s
WHERE id = ANY(%(delivery_ids)s::bigint[]) AND claim_id = %(claim_id)s
""")
_POSTPONE = sql.one_line("""
UPDATE events_delivery
SET claim_id = NULL, leased_until = NULL, not_before = %(until)s,
    last_error = 'The endpoint cannot be read'
WHERE id = ANY(%(delivery_ids)s::bigint[]) AND claim_id = %(claim_id)s
""")


@dataclass(slots=True)
class Prepared:
    """Messages to send, and tries that failed before anything was sent."""

    messages: list[Message] = field(default_factory=list)
    failed: list[Try] = field(default_factory=list)


def prepare(claim: Claim, *, receivers: Receivers, now: datetime) -> Prepared:
    """Make what a claim sends, in one short transaction.

    A delivery whose event has nothing to tell ends as SKIPPED. One that cannot be rendered fails
    this try and none of its siblings. One whose endpoint cannot be read (its seal is broken, its
    format is not installed) waits five minutes: that is our fault and costs it no attempt.
    """
    known = receivers.of({each.endpoint_id for each in claim.deliveries}, now=now)
    readable = [each for each in claim.deliveries if each.endpoint_id in known]
    events = Event.objects.in_bulk({each.event_id for each in readable})
    with transaction.atomic():
        contents = _contents(readable, known, events, now=now)
        _write(claim, contents, now=now)
    prepared = Prepared()
    for each, made in zip(readable, contents.values(), strict=True):
        receiver, event = known[each.endpoint_id], events[each.event_id]
        if isinstance(made, Body):
            prepared.messages.append(
                Message(claim.claim_id, each, receiver, event.public_id, event.type, made.content)
            )
        elif isinstance(made, Unmade):
            prepared.failed.append(_unrendered(claim, each, receiver, made, now=now))
    return prepared


def _contents(
    deliveries: Sequence[Claimed],
    known: Mapping[int, Receiver],
    events: Mapping[int, Event],
    *,
    now: datetime,
) -> dict[Claimed, Made]:
    kept = bodies.kept(each.body_id for each in deliveries if each.body_id is not None)
    keys: dict[Claimed, bodies.Key] = {}
    wanted: dict[bodies.Key, Receiver] = {}
    for each in deliveries:
        if each.body_id not in kept:
            receiver = known[each.endpoint_id]
            variant = receiver.wire_format.variant(receiver.endpoint)
            keys[each] = (each.event_id, variant)
            wanted[keys[each]] = receiver
    made = bodies.made(wanted, events, now=now) if wanted else {}
    return {
        each: made[keys[each]] if each in keys else kept[each.body_id or 0] for each in deliveries
    }


def _write(claim: Claim, contents: Mapping[Claimed, Made], *, now: datetime) -> None:
    """Pin the bodies to their deliveries, and end or postpone what has none."""
    pins = [
        (each.delivery_id, made.id)
        for each, made in contents.items()
        if isinstance(made, Body) and each.body_id != made.id
    ]
    if pins:
        ids, body_ids = [list(column) for column in zip(*pins, strict=True)]
        sql.rows(_PIN, {"delivery_ids": ids, "body_ids": body_ids, "claim_id": claim.claim_id})
    skipped = [each.delivery_id for each, made in contents.items() if isinstance(made, Nothing)]
    if skipped:
        sql.rows(_SKIP, {"delivery_ids": skipped, "claim_id": claim.claim_id, "now": now})
    unreadable = [each.delivery_id for each in claim.deliveries if each not in contents]
    if unreadable:
        until = now + UNREADABLE_FOR
        sql.rows(
            _POSTPONE, {"delivery_ids": unreadable, "claim_id": claim.claim_id, "until": until}
        )


def _unrendered(
    claim: Claim, claimed: Claimed, receiver: Receiver, made: Unmade, *, now: datetime
) -> Try:
    return Try(
        claim_id=claim.claim_id,
        claimed=claimed,
        receiver=receiver,
        started_at=now,
        outcome=AttemptOutcome.UNRENDERED,
        error=f"The message could not be made: {made.error}",
        request_headers={},
    )
