"""Telling people that an endpoint fails, and giving up on it in the end."""

from datetime import datetime

from django.db import transaction

from oms.events import outbox
from oms.events.choices import EndpointState, EventType
from oms.events.endpoint_facts import endpoint_fact
from oms.events.models import Endpoint, EndpointHealth
from oms.events.sending.healing import Changed
from oms.kernel import sql
from oms.kernel.actors import SYSTEM, Actor

BATCH = 2_000

# In batches, so that a backlog of a million holds no lock for long. What is on its way is left to
# whoever sends it.
_SUPPRESS = sql.one_line("""
UPDATE events_delivery SET state = 'SUPPRESSED', finished_at = %(now)s
WHERE id IN (SELECT id FROM events_delivery
             WHERE endpoint_id = %(endpoint_id)s AND state = 'PENDING' AND claim_id IS NULL
             ORDER BY id LIMIT %(batch)s FOR UPDATE SKIP LOCKED)
RETURNING id
""")


def see_to(changed: Changed, *, now: datetime) -> None:
    """Warn about an endpoint that fails for long, or disable it."""
    if changed.warn_at is not None:
        _warn(changed.endpoint_id, percent=changed.warn_at, now=now)
    if changed.disable_for:
        disable(endpoint_id=changed.endpoint_id, reason=changed.disable_for, actor=SYSTEM, now=now)


def disable(*, endpoint_id: int, reason: str, actor: Actor, now: datetime) -> bool:
    """Send nothing more to an endpoint; what waits for it is kept as SUPPRESSED.

    False when it was not active: nothing changes then.
    """
    with transaction.atomic():
        endpoint = Endpoint.objects.select_for_update(of=("self",)).get(pk=endpoint_id)
        if endpoint.state != EndpointState.ACTIVE:
            return False
        endpoint.state, endpoint.state_reason = EndpointState.DISABLED, reason
        endpoint.save(update_fields=["state", "state_reason", "updated_at"])
        fact = endpoint_fact(endpoint, EventType.ENDPOINT_STATE_CHANGED, reason=reason)
        outbox.record([fact], actor=actor, now=now)
    suppress_pending(endpoint_id=endpoint_id, now=now)
    return True


def suppress_pending(*, endpoint_id: int, now: datetime) -> int:
    """Take an endpoint's pending deliveries out of the way, in batches. Returns how many."""
    total = 0
    params = {"endpoint_id": endpoint_id, "now": now, "batch": BATCH}
    while taken := len(sql.rows(_SUPPRESS, dict(params))):
        total += taken
    return total


def _warn(endpoint_id: int, *, percent: int, now: datetime) -> None:
    """Say once per step that an endpoint has been failing, and how far that is from giving up."""
    with transaction.atomic():
        endpoint = Endpoint.objects.select_for_update(of=("self",)).get(pk=endpoint_id)
        untold = EndpointHealth.objects.filter(pk=endpoint_id, warned_percent__lt=percent)
        if untold.update(warned_percent=percent):
            fact = endpoint_fact(endpoint, EventType.ENDPOINT_WARNED, percent=percent)
            outbox.record([fact], actor=SYSTEM, now=now)
