"""Pausing, disabling, enabling and removing endpoints."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from oms.events import formats, hints, outbox
from oms.events.choices import BreakerState, EndpointState, EventType
from oms.events.endpoint_facts import endpoint_fact
from oms.events.models import Endpoint, EndpointHealth
from oms.events.sending import disabling
from oms.events.services.finding import get_endpoint, locked_endpoint
from oms.kernel import sql
from oms.kernel.actors import Actor
from oms.kernel.errors import Conflict

BATCH = 2_000

# In the order they were written, each due when it was before: the backlog keeps its order.
_RECOVER = sql.one_line("""
UPDATE events_delivery SET state = 'PENDING', finished_at = NULL, attempts = 0, refusals = 0,
       not_before = least(not_before, %(now)s)
WHERE id IN (SELECT id FROM events_delivery
             WHERE endpoint_id = %(endpoint_id)s AND state = 'SUPPRESSED'
             ORDER BY id LIMIT %(batch)s FOR UPDATE)
RETURNING id
""")


class SwitchRefused(Conflict):
    """The endpoint is not in a state from which this leads anywhere."""

    code = "endpoint_switch_refused"


def pause_endpoint(*, endpoint_id: int, actor: Actor, now: datetime) -> Endpoint:
    """Send nothing for now; news waits. Raises EndpointNotFound, SwitchRefused."""
    return _switch(endpoint_id, {EndpointState.ACTIVE}, EndpointState.PAUSED, actor=actor, now=now)


def resume_endpoint(*, endpoint_id: int, actor: Actor, now: datetime) -> Endpoint:
    """Go on after a pause, with what has waited. Raises EndpointNotFound, SwitchRefused."""
    with transaction.atomic():
        endpoint = _switch(
            endpoint_id, {EndpointState.PAUSED}, EndpointState.ACTIVE, actor=actor, now=now
        )
        hints.DELIVERIES.after_commit()
    return endpoint


def disable_endpoint(*, endpoint_id: int, reason: str, actor: Actor, now: datetime) -> Endpoint:
    """Give up on an endpoint; pending and further news is kept as SUPPRESSED.

    Raises EndpointNotFound, SwitchRefused.
    """
    get_endpoint(endpoint_id=endpoint_id, actor=actor)
    if not disabling.disable(endpoint_id=endpoint_id, reason=reason, actor=actor, now=now):
        raise SwitchRefused("Only an active endpoint can be disabled")
    return get_endpoint(endpoint_id=endpoint_id, actor=actor)


def enable_endpoint(
    *, endpoint_id: int, actor: Actor, now: datetime, recover: bool = False
) -> Endpoint:
    """Send to a disabled endpoint again, as to a new one; `recover` sends what it missed, too.

    One that never answered its ping becomes UNVERIFIED. Raises EndpointNotFound, SwitchRefused.
    """
    with transaction.atomic():
        endpoint = locked_endpoint(endpoint_id=endpoint_id, actor=actor)
        needs_ping = formats.format_of(endpoint.format).ping(endpoint, now=now) is not None
        doubted = needs_ping and endpoint.verified_at is None
        target = EndpointState.UNVERIFIED if doubted else EndpointState.ACTIVE
        _move(endpoint, {EndpointState.DISABLED}, target, actor=actor, now=now)
        _heal(endpoint, now=now)
        hints.DELIVERIES.after_commit()
    if recover:
        recover_suppressed(endpoint_id=endpoint_id, actor=actor, now=now)
    return endpoint


def restart_endpoint(*, endpoint_id: int, actor: Actor, now: datetime) -> Endpoint:
    """Send again to a paused or disabled endpoint, whichever it is.

    What waited during a pause goes out; what was missed while it was disabled can be replayed.
    Raises EndpointNotFound, SwitchRefused.
    """
    with transaction.atomic():
        endpoint = locked_endpoint(endpoint_id=endpoint_id, actor=actor)
        again = enable_endpoint if endpoint.state == EndpointState.DISABLED else resume_endpoint
        return again(endpoint_id=endpoint_id, actor=actor, now=now)


def recover_suppressed(*, endpoint_id: int, actor: Actor, now: datetime) -> int:
    """Send what an endpoint missed while it was disabled. Returns how many deliveries that is.

    In batches of their own transactions: a backlog of a million must not hold locks for long.
    Raises EndpointNotFound, SwitchRefused while it is disabled.
    """
    endpoint = get_endpoint(endpoint_id=endpoint_id, actor=actor)
    if endpoint.state == EndpointState.DISABLED:
        raise SwitchRefused("A disabled endpoint is sent nothing: enable it first")
    total, params = 0, {"endpoint_id": endpoint_id, "now": now, "batch": BATCH}
    while taken := len(sql.rows(_RECOVER, dict(params))):
        total += taken
    if total:
        with transaction.atomic():
            endpoint = locked_endpoint(endpoint_id=endpoint_id, actor=actor)
            fact = endpoint_fact(endpoint, EventType.ENDPOINT_REPLAYED, deliveries=total)
            outbox.record([fact], actor=actor, now=now)
            hints.DELIVERIES.after_commit()
    return total


def remove_endpoint(*, endpoint_id: int, actor: Actor, now: datetime) -> None:
    """Forget an endpoint and its secrets; its name is free again. What was sent stays on record.

    What still waits is suppressed. Raises EndpointNotFound.
    """
    with transaction.atomic():
        endpoint = locked_endpoint(endpoint_id=endpoint_id, actor=actor)
        endpoint.secrets.all().delete()
        endpoint.headers = endpoint.secret_options = endpoint.client = None
        endpoint.removed_at, endpoint.state = now, EndpointState.DISABLED
        endpoint.state_reason = "Removed"
        endpoint.save(
            update_fields=[
                "headers",
                "secret_options",
                "client",
                "removed_at",
                "state",
                "state_reason",
                "updated_at",
            ]
        )
        fact = endpoint_fact(endpoint, EventType.ENDPOINT_REMOVED)
        outbox.record([fact], actor=actor, now=now)
    disabling.suppress_pending(endpoint_id=endpoint_id, now=now)


def _switch(
    endpoint_id: int,
    sources: Collection[EndpointState],
    target: EndpointState,
    *,
    actor: Actor,
    now: datetime,
) -> Endpoint:
    with transaction.atomic():
        endpoint = locked_endpoint(endpoint_id=endpoint_id, actor=actor)
        _move(endpoint, sources, target, actor=actor, now=now)
    return endpoint


def _move(
    endpoint: Endpoint,
    sources: Collection[EndpointState],
    target: EndpointState,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    if endpoint.state not in sources:
        raise SwitchRefused(
            f"The endpoint is {endpoint.get_state_display().lower()}", state=endpoint.state
        )
    endpoint.state, endpoint.state_reason = target, ""
    endpoint.save(update_fields=["state", "state_reason", "updated_at"])
    fact = endpoint_fact(endpoint, EventType.ENDPOINT_STATE_CHANGED)
    outbox.record([fact], actor=actor, now=now)


def _heal(endpoint: Endpoint, *, now: datetime) -> None:
    """Begin anew: what made it fail is thought to be mended."""
    EndpointHealth.objects.filter(pk=endpoint.pk).update(
        breaker=BreakerState.CLOSED,
        breaker_until=None,
        breaker_trips=0,
        breaker_successes=0,
        recent=[],
        window=2,
        not_before=None,
        tokens=0,
        tokens_at=now,
        failing_since=None,
        failures_in_a_row=0,
        warned_percent=0,
    )
