"""Sending again what was sent, given up or suppressed: the same bytes, the same id."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Max, QuerySet
from django.db.models.functions import Least

from oms.events import hints, outbox
from oms.events.choices import DeliveryState, EndpointState, EventType
from oms.events.endpoint_facts import endpoint_fact
from oms.events.models import Delivery, Endpoint, Replay
from oms.events.services.finding import get_endpoint
from oms.kernel.actors import Actor
from oms.kernel.errors import Conflict, NotFound

BATCH = 2_000
FINAL = tuple(state for state in DeliveryState if state != DeliveryState.PENDING)


class DeliveryNotFound(NotFound):
    """There is no such delivery, or not for this actor."""

    code = "delivery_not_found"


class EndpointDisabled(Conflict):
    """A disabled endpoint is sent nothing: enable it first."""

    code = "endpoint_disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayRequest:
    """Which deliveries to send again: all conditions together. Pending ones are never meant."""

    delivery_ids: Sequence[int] | None = None
    event_ids: Sequence[UUID] | None = None
    """Public ids of events."""
    endpoint_id: int | None = None
    types: Sequence[str] = ()
    """Event types; none is all."""
    states: Sequence[str] = (DeliveryState.EXHAUSTED, DeliveryState.SUPPRESSED)
    since: datetime | None = None
    """Of deliveries written at or after this instant ..."""
    until: datetime | None = None
    """... and before this one."""


def count_replay(*, request: ReplayRequest, actor: Actor) -> int:
    """How many deliveries `replay` would send."""
    return _meant(request, actor).count()


def replay(*, request: ReplayRequest, actor: Actor, now: datetime) -> int:
    """Send deliveries again, as if for the first time. Returns how many.

    Those of disabled endpoints are left out; `count_replay` leaves them out, too. Works in
    batches, each a transaction of its own, and may be called again after an interruption.
    """
    total, last = 0, 0
    while True:
        rows = _meant(request, actor).filter(pk__gt=last).order_by("pk")
        ids = list(rows.values_list("pk", flat=True)[:BATCH])
        if not ids:
            return total
        total += _replay_batch(ids, actor=actor, now=now)
        last = ids[-1]


def request_replay(*, request: ReplayRequest, actor: Actor, now: datetime) -> int:
    """Have an endpoint's deliveries sent again in the background. Returns how many are meant.

    Raises EndpointNotFound, EndpointDisabled.
    """
    with transaction.atomic():
        endpoint = get_endpoint(endpoint_id=request.endpoint_id or 0, actor=actor)
        if endpoint.state == EndpointState.DISABLED:
            raise EndpointDisabled("A disabled endpoint is sent nothing: enable it first")
        meant = _meant(request, actor).aggregate(number=Count("pk"), through=Max("pk"))
        if meant["number"]:
            Replay.objects.create(
                endpoint=endpoint,
                actor=str(actor),
                types=list(request.types),
                states=list(request.states),
                since=request.since,
                until=request.until,
                event_ids=None if request.event_ids is None else list(request.event_ids),
                through_id=meant["through"],
                requested_at=now,
            )
            hints.REPLAYS.after_commit()
    return int(meant["number"])


def replay_batch(*, now: datetime) -> int:
    """Send one batch of the oldest replay again. Returns how many rows that took, 0 for none.

    A replay whose worker was killed goes on where its last batch ended.
    """
    with transaction.atomic():
        due = Replay.objects.filter(finished_at__isnull=True).select_related("endpoint")
        wish = due.select_for_update(skip_locked=True, of=("self",)).order_by("pk").first()
        if wish is None:
            return 0
        kind, _, ref = wish.actor.partition(":")
        actor = Actor(kind=kind, ref=ref, organization_id=wish.endpoint.organization_id)
        rows = _meant(_request_of(wish), actor).order_by("pk")
        left = rows.filter(pk__gt=wish.delivery_id, pk__lte=wish.through_id)
        ids = list(left.values_list("pk", flat=True)[:BATCH])
        if ids:
            wish.deliveries += _replay_batch(ids, actor=actor, now=now)
            wish.delivery_id = ids[-1]
        else:
            wish.finished_at = now
        wish.save(update_fields=["deliveries", "delivery_id", "finished_at"])
    return len(ids) or 1


def _request_of(wish: Replay) -> ReplayRequest:
    return ReplayRequest(
        endpoint_id=wish.endpoint_id,
        types=wish.types,
        states=wish.states,
        since=wish.since,
        until=wish.until,
        event_ids=wish.event_ids,
    )


def resend_delivery(*, delivery_id: int, actor: Actor, now: datetime) -> Delivery:
    """Send one delivery now, whatever became of it. One that is on its way is left alone.

    Raises DeliveryNotFound, EndpointDisabled.
    """
    rows = Delivery.objects.visible_to(actor).select_related("endpoint")
    found = rows.filter(pk=delivery_id).first()
    if found is None:
        raise DeliveryNotFound("There is no such delivery")
    if found.endpoint.state == EndpointState.DISABLED:
        raise EndpointDisabled("A disabled endpoint is sent nothing: enable it first")
    if not _replay_batch([delivery_id], actor=actor, now=now):
        waiting = Delivery.objects.filter(pk=delivery_id, state=DeliveryState.PENDING)
        waiting.filter(claim_id=None).update(not_before=Least(F("not_before"), now))
        hints.DELIVERIES.after_commit()
    found.refresh_from_db()
    return found


def _meant(request: ReplayRequest, actor: Actor) -> "QuerySet[Delivery]":
    rows: QuerySet[Delivery] = Delivery.objects.visible_to(actor)
    rows = rows.filter(endpoint__removed_at=None).exclude(endpoint__state=EndpointState.DISABLED)
    rows = rows.filter(state__in=set(request.states) & {str(state) for state in FINAL})
    if request.delivery_ids is not None:
        rows = rows.filter(pk__in=list(request.delivery_ids))
    if request.event_ids is not None:
        rows = rows.filter(event__public_id__in=list(request.event_ids))
    if request.endpoint_id is not None:
        rows = rows.filter(endpoint_id=request.endpoint_id)
    if request.types:
        rows = rows.filter(event__type__in=list(request.types))
    if request.since is not None:
        rows = rows.filter(created_at__gte=request.since)
    if request.until is not None:
        rows = rows.filter(created_at__lt=request.until)
    return rows


def _replay_batch(ids: Sequence[int], *, actor: Actor, now: datetime) -> int:
    """Make final deliveries due, and report how many per endpoint."""
    with transaction.atomic():
        endpoints = Endpoint.objects.filter(deliveries__in=ids).order_by("pk").distinct()
        keys = list(endpoints.values_list("pk", flat=True))
        locked = Endpoint.objects.filter(pk__in=keys).order_by("pk").select_for_update()
        by_id = {row.pk: row for row in locked}
        rows = Delivery.objects.filter(pk__in=ids, state__in=FINAL).order_by("pk")
        found = dict(rows.select_for_update(of=("self",)).values_list("pk", "endpoint_id"))
        Delivery.objects.filter(pk__in=found).update(
            state=DeliveryState.PENDING,
            finished_at=None,
            attempts=0,
            refusals=0,
            replays=F("replays") + 1,
            not_before=now,
        )
        facts = [
            endpoint_fact(by_id[key], EventType.ENDPOINT_REPLAYED, deliveries=number)
            for key, number in sorted(Counter(found.values()).items())
        ]
        outbox.record(facts, actor=actor, now=now)
        hints.DELIVERIES.after_commit()
    return len(found)
