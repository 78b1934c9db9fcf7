"""Asking a URL whether it wants our news, where the wire format does so."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from oms.events import formats, hints, outbox
from oms.events.choices import EndpointState, EventType
from oms.events.endpoint_facts import endpoint_fact
from oms.events.formats import Letter
from oms.events.models import Endpoint
from oms.events.sending.receivers import static_headers
from oms.events.services.finding import get_endpoint, locked_endpoint
from oms.kernel.actors import Actor
from oms.kernel.errors import DomainError
from oms.kernel.http import Answer, HttpError, Request, fetch

_SUCCESS = range(200, 300)
Fetch = Callable[[Request], Answer]


def verify_endpoint(*, endpoint_id: int, actor: Actor, now: datetime, call: Fetch = fetch) -> bool:
    """Send the format's ping; whether it was answered. An UNVERIFIED endpoint becomes ACTIVE then.

    A format without a ping verifies by itself. No transaction is open while the receiver thinks;
    an answer for a URL that has changed meanwhile counts for nothing. Raises EndpointNotFound.
    """
    endpoint = get_endpoint(endpoint_id=endpoint_id, actor=actor)
    problem = _problem(endpoint, now=now, call=call)
    with transaction.atomic():
        current = locked_endpoint(endpoint_id=endpoint_id, actor=actor)
        if current.url != endpoint.url:
            return False
        if problem:
            current.state_reason = problem
            current.save(update_fields=["state_reason", "updated_at"])
            return False
        _verified(current, actor=actor, now=now)
    return True


def _verified(endpoint: Endpoint, *, actor: Actor, now: datetime) -> None:
    endpoint.verified_at, endpoint.state_reason = now, ""
    wakes = endpoint.state == EndpointState.UNVERIFIED
    if wakes:
        endpoint.state = EndpointState.ACTIVE
    endpoint.save(update_fields=["verified_at", "state", "state_reason", "updated_at"])
    if wakes:
        fact = endpoint_fact(endpoint, EventType.ENDPOINT_STATE_CHANGED)
        outbox.record([fact], actor=actor, now=now)
        hints.DELIVERIES.after_commit()


def _problem(endpoint: Endpoint, *, now: datetime, call: Fetch) -> str:
    """Why the ping failed; empty when it was answered."""
    wire_format = formats.format_of(endpoint.format)
    body = wire_format.ping(endpoint, now=now)
    if body is None:
        return ""
    letter = Letter(
        message_id=f"ping_{uuid4().hex}",
        type="ping",
        body=body,
        number=1,
        is_replay=False,
        sent_at=now,
    )
    keys = wire_format.keys(endpoint, now=now)
    try:
        request = Request(
            method="POST",
            url=endpoint.url,
            headers={
                "Content-Type": "application/json",
                **static_headers(endpoint),
                **wire_format.headers(letter, endpoint=endpoint, keys=keys),
            },
            body=body,
            allow_private=endpoint.allow_private_network,
            deadline=wire_format.schedule.deadline.total_seconds(),
        )
        answer = call(request)
    except (HttpError, DomainError) as exc:
        return f"The ping failed: {exc}"[:255]
    return "" if answer.status in _SUCCESS else f"The ping was answered {answer.status}"
