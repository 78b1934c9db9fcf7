"""Sending one delivery while its asker waits, with the engine's own courier and records."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from oms.events.choices import DeliveryState, EndpointState
from oms.events.leases import LEASE
from oms.events.models import Delivery
from oms.events.sending.claiming import Claim, Claimed
from oms.events.sending.courier import Courier, Transport
from oms.events.sending.disabling import see_to
from oms.events.sending.letters import Try
from oms.events.sending.preparing import prepare
from oms.events.sending.receivers import Receivers
from oms.events.sending.recording import record
from oms.events.sending.watching import observe
from oms.kernel.actors import Actor
from oms.kernel.errors import Conflict, NotFound
from oms.kernel.http import open_client


class DeliveryUnknown(NotFound):
    """There is no such delivery, or not for this actor."""

    code = "delivery_not_found"


class DeliveryArrived(Conflict):
    """It was delivered before."""

    code = "delivery_arrived"


class DeliveryUnderWay(Conflict):
    """It is on its way, or its retries by themselves are not over."""

    code = "delivery_under_way"


class NothingToSend(Conflict):
    """Its endpoint is sent nothing, cannot be read, or is not told of this event."""

    code = "delivery_unsendable"


def send_at_once(
    *,
    delivery_id: int,
    retries: int,
    is_forced: bool,
    actor: Actor,
    now: datetime,
    clock: Callable[[], datetime] = timezone.now,
    transport: Callable[[], Transport] = open_client,
) -> Try:
    """One try of a delivery, now, before earlier ones of its subject if need be.

    Unless it is forced, one that was delivered is left alone, and one that waits for one of its
    first `retries`. No transaction is open while the receiver thinks. Raises DeliveryUnknown,
    DeliveryArrived, DeliveryUnderWay, NothingToSend.
    """
    claim = _claimed(delivery_id, actor, retries=retries, is_forced=is_forced, now=now)
    prepared = prepare(claim, receivers=Receivers(), now=now)
    if not prepared.messages and not prepared.failed:
        raise NothingToSend("There is nothing to send to this endpoint")
    tries = prepared.failed
    with Courier(clock=clock, transport=transport) as courier:
        courier.post(prepared.messages)
        while courier.in_flight:
            tries += courier.results(wait=LEASE.total_seconds(), most=1)
    done = clock()
    recorded = record(tries, now=done)
    observe(tries)
    for changed in recorded.changed:
        see_to(changed, now=done)
    return tries[0]


def _claimed(
    delivery_id: int, actor: Actor, *, retries: int, is_forced: bool, now: datetime
) -> Claim:
    """Make it ours until a lease ends, whatever became of it before."""
    claim_id = uuid4()
    with transaction.atomic():
        rows = Delivery.objects.visible_to(actor).select_related("endpoint")
        row = rows.select_for_update(of=("self",)).filter(pk=delivery_id).first()
        if row is None:
            raise DeliveryUnknown("There is no such delivery")
        _check(row, retries=retries, is_forced=is_forced)
        row.state, row.finished_at = DeliveryState.PENDING, None
        row.claim_id, row.leased_until = claim_id, now + LEASE
        row.save(update_fields=["state", "finished_at", "claim_id", "leased_until"])
    ours = Claimed(
        row.pk,
        row.endpoint_id,
        row.event_id,
        row.body_id,
        row.attempts,
        row.tries,
        row.replays,
        row.refusals,
    )
    return Claim(claim_id, [ours])


def _check(row: Delivery, *, retries: int, is_forced: bool) -> None:
    if row.endpoint.state == EndpointState.DISABLED or row.endpoint.removed_at is not None:
        raise NothingToSend("The endpoint is sent nothing")
    if row.claim_id is not None:
        raise DeliveryUnderWay("The delivery is on its way")
    if is_forced:
        return
    if row.state == DeliveryState.DELIVERED:
        raise DeliveryArrived("The delivery arrived before")
    if row.state == DeliveryState.PENDING and row.attempts <= retries:
        raise DeliveryUnderWay("The delivery is still tried again by itself")
