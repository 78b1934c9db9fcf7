"""The durable inbox of the three receivers: kept first, worked off after (contract 2.3).

An order's message is a hint: what it is about is read again from its source. A cancellation plan
is judged at once, for its sender wants the judgement; the answer is kept with the message, and a
repeated uuid gets it again.
"""

import datetime as dt
import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from channels_app.choices import InboundKind, InboundState
from channels_app.connectors.base import ConnectorError, RemoteRefused, RemoteUnavailable
from channels_app.connectors.omnitron import Client
from channels_app.models import InboundMessage
from oms.api.akinon.sync import cancelling, importing, jobs, stores, words
from oms.api.akinon.sync.configuration import configuration
from oms.api.akinon.sync.documents import items_of
from oms.api.akinon.sync.importing import Importer
from oms.api.akinon.sync.words import DocumentUnreadable, Row
from oms.kernel import crypto, errors, sealed
from oms.kernel.actors import Actor
from oms.kernel.contention import Busy

logger = logging.getLogger(__name__)

LANE = "akinon.inbound"
BATCH = 100
ENOUGH = 15.0  # seconds that must be left to begin with one more order
KEPT = dt.timedelta(weeks=12)
_LONGEST_UUID = 32
_JUDGED_AT_ONCE = frozenset({InboundKind.CANCELLATION_PLAN})


class PayloadMissing(errors.InvalidInput):
    """The message has no `payload` that is an object."""

    code = "payload_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """How to answer. Of a repeated message, the first answer."""

    status: int = 200
    body: Mapping[str, Any] = field(default_factory=dict)
    is_repeat: bool = False


def receive(
    *, organization_id: int, kind: InboundKind, document: object, actor: Actor, now: dt.datetime
) -> Reception:
    """Keep a message, and judge it when it is a cancellation plan.

    Messages are the same when their uuids are, dashes and case apart; one without a uuid, when its
    body is. Raises PayloadMissing.
    """
    said = document if isinstance(document, dict) else {}
    if words.object_of(said.get("payload")) is None:
        raise PayloadMissing("The message has no payload", field="payload")
    message, is_new = _keep(organization_id, kind, said, now=now)
    if kind in _JUDGED_AT_ONCE and message.answer_status is None:
        message = _judge(message, actor=actor, now=now)
    elif is_new:
        jobs.is_due(LANE)
    return Reception(status=message.answer_status or 200, body=message.answer, is_repeat=not is_new)


def work_off_due(*, now: dt.datetime, limit: int = BATCH) -> int:
    """Work off a batch of due messages. Returns how many were claimed."""
    claimed = _claim(now=now, limit=limit)
    for organization_id in sorted({message.organization_id for message in claimed}):
        mine = [each for each in claimed if each.organization_id == organization_id]
        _work_off(organization_id, mine, now=now)
    return len(claimed)


def forget_old(*, now: dt.datetime, limit: int = 5000) -> int:
    """Delete messages that were done long ago. Returns how many."""
    old = InboundMessage.objects.filter(received_at__lt=now - KEPT)
    keys = old.exclude(state=InboundState.PENDING).order_by("received_at")[:limit]
    return InboundMessage.objects.filter(pk__in=list(keys.values_list("pk", flat=True))).delete()[0]


def uuid_of(document: Row) -> str:
    """The uuid of a message without dashes; of one that has none, the beginning of its hash."""
    told = words.text(words.at_path(document, "event.uuid"), 64).replace("-", "").lower()
    if told and len(told) <= _LONGEST_UUID:
        return told
    body = json.dumps(document, sort_keys=True).encode()
    return hashlib.sha256(body).hexdigest()[:_LONGEST_UUID]


@transaction.atomic
def _keep(
    organization_id: int, kind: InboundKind, document: Row, *, now: dt.datetime
) -> tuple[InboundMessage, bool]:
    uuid = uuid_of(document)
    message = InboundMessage(
        organization_id=organization_id, kind=kind, uuid=uuid, received_at=now, not_before=now
    )
    sealed.write(message, "body", json.dumps(document))
    InboundMessage.objects.bulk_create([message], ignore_conflicts=True)
    there = InboundMessage.objects.get(organization_id=organization_id, kind=kind, uuid=uuid)
    return there, there.pk == message.pk


@transaction.atomic
def _judge(message: InboundMessage, *, actor: Actor, now: dt.datetime) -> InboundMessage:
    """Judge under the message's lock: whoever comes second finds the answer."""
    locked = InboundMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if locked.answer_status is not None:
        return locked
    verdict = cancelling.judge_plan(
        organization_id=locked.organization_id, plan=_payload(locked), actor=actor, now=now
    )
    locked.answer_status, locked.answer = verdict.status, dict(verdict.body)
    _close(locked, InboundState.DONE, now=now)
    return locked


@transaction.atomic
def _claim(*, now: dt.datetime, limit: int) -> list[InboundMessage]:
    due = InboundMessage.objects.select_for_update(of=("self",), skip_locked=True)
    claimed = list(
        due.filter(state=InboundState.PENDING, not_before__lte=now)
        .order_by("not_before", "pk")[:limit]
    )  # fmt: skip
    for message in claimed:
        message.attempts += 1
        message.not_before = now + jobs.LEASE
    InboundMessage.objects.bulk_update(claimed, ["attempts", "not_before"])
    return claimed


def _work_off(
    organization_id: int, messages: Sequence[InboundMessage], *, now: dt.datetime
) -> None:
    with ExitStack() as stack:
        try:
            settings = configuration(organization_id)
            client = stack.enter_context(Client(settings.client)) if settings.client else None
        except ConnectorError as error:
            _put_off(messages, error, now=now)
            return
        importer = Importer(configuration=settings, client=client, now=now)
        for group in _by_subject(messages):
            if client is not None and client.seconds_left < ENOUGH:
                _give_back(group, now=now)
            else:
                _one(importer, group)


def _by_subject(messages: Sequence[InboundMessage]) -> list[list[InboundMessage]]:
    """Messages of one order together, the newest last: every change of each of its items is told,
    and one look at the order answers them all. Others stand alone.
    """
    groups: dict[object, list[InboundMessage]] = {}
    for message in sorted(messages, key=lambda each: (each.received_at, each.pk)):
        groups.setdefault(_subject_of(message), []).append(message)
    return list(groups.values())


def _subject_of(message: InboundMessage) -> object:
    """The order a message is about; for others, and where that cannot be read, the message."""
    if message.kind != InboundKind.ORDER:
        return message.pk
    try:
        return words.key_of(_payload(message)) or message.pk
    except crypto.SealBroken:
        return message.pk


def _one(importer: Importer, group: Sequence[InboundMessage]) -> None:
    """What the newest of a group asks for; it answers them all."""
    now = importer.now
    try:
        _do(importer, group[-1])
    except RemoteRefused as error:
        _refuse(group, str(error), now=now)
    except ConnectorError as error:
        _put_off(group, error, now=now)
    except Busy as error:
        _put_off(group, RemoteUnavailable(error.code), now=now)
    except errors.DomainError as refused:
        _refuse(group, refused.code, now=now)
    except Exception:
        logger.exception("A message could not be worked off")
        _put_off(group, RemoteUnavailable("internal"), now=now)
    else:
        _finish(group, now=now)


def _do(importer: Importer, message: InboundMessage) -> None:
    if message.kind == InboundKind.CANCELLATION_PLAN:
        judged = _judge(message, actor=importer.actor, now=importer.now)
        message.state = judged.state
    elif message.kind == InboundKind.STORE:
        _take_store(importer, _payload(message))
    else:
        _take_order(importer, _payload(message))


def _take_order(importer: Importer, payload: Row) -> None:
    """What the source says now; the message itself where the source knows nothing of it."""
    key = words.key_of(payload)
    if not key:
        raise DocumentUnreadable("payload.pk is missing", member="payload.pk")
    order = importer.client.one("orders", key) if importer.client else None
    if order is not None:
        importing.take_in(importer, order)
    elif items_of(payload):
        by_hand = Importer(configuration=importer.configuration, client=None, now=importer.now)
        importing.take_in(by_hand, payload)
    else:
        raise DocumentUnreadable("the order is not known to its source", member="payload.pk")


def _take_store(importer: Importer, payload: Row) -> None:
    organization_id = importer.organization_id
    store = stores.with_address(payload, organization_id=organization_id, client=importer.client)
    stores.take_store(
        organization_id=organization_id, store=store, actor=importer.actor, now=importer.now
    )


def _payload(message: InboundMessage) -> Row:
    document = json.loads(sealed.read(message, "body"))
    payload: Row = document["payload"]
    return payload


def _finish(messages: Sequence[InboundMessage], *, now: dt.datetime) -> None:
    for message in messages:
        if message.state == InboundState.PENDING:  # a judgement has closed its own
            _close(message, InboundState.DONE, now=now)


def _refuse(messages: Sequence[InboundMessage], reason: str, *, now: dt.datetime) -> None:
    for message in messages:
        message.last_error = reason[:255]
        _close(message, InboundState.REFUSED, now=now)


def _close(message: InboundMessage, state: InboundState, *, now: dt.datetime) -> None:
    """With the work done, what the message held is forgotten."""
    message.state, message.done_at, message.body = state, now, None
    message.save(
        update_fields=["state", "done_at", "body", "last_error", "answer_status", "answer"]
    )


def _put_off(
    messages: Sequence[InboundMessage], error: ConnectorError, *, now: dt.datetime
) -> None:
    for message in messages:
        due = now + jobs.pause_after(message.attempts)
        _mine(message).update(not_before=due, last_error=str(error)[:255])


def _give_back(messages: Sequence[InboundMessage], *, now: dt.datetime) -> None:
    """There was no time for these; whoever comes next takes them."""
    for message in messages:
        _mine(message).update(not_before=now, attempts=message.attempts - 1)


def _mine(message: InboundMessage) -> QuerySet[InboundMessage]:
    """The row of this attempt, as long as it is still ours."""
    return InboundMessage.objects.filter(
        pk=message.pk, state=InboundState.PENDING, attempts=message.attempts
    )
