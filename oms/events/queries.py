"""Reads of what happened, and of how the news of it fares."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, QuerySet

from oms.events import tallies
from oms.events.choices import DeliveryState
from oms.events.models import (
    Delivery,
    DeliveryAttempt,
    Endpoint,
    EndpointHealth,
    EndpointQuerySet,
    EndpointTally,
    Event,
    EventQuerySet,
)
from oms.kernel.actors import Actor

P95 = 0.95


def timeline_of_order(*, order_id: int) -> EventQuerySet:
    """Everything that happened to an order, its tasks and parcels, oldest first."""
    return Event.objects.filter(order_ref=order_id).order_by("id")


def endpoints_of(*, actor: Actor) -> EndpointQuerySet:
    """The endpoints the actor may see, those of every format, without removed ones."""
    rows = Endpoint.objects.visible_to(actor).kept()
    return rows.select_related("client", "organization")


def deliveries_to(*, endpoint_id: int, actor: Actor) -> "QuerySet[Delivery]":
    """What an endpoint was or is to be told, with the events; in no order yet."""
    rows = Delivery.objects.visible_to(actor).filter(endpoint_id=endpoint_id)
    return rows.select_related("event")


def deliveries_of_order(*, order_id: int) -> "QuerySet[Delivery]":
    """Everybody who was or is to be told about an order, its tasks and parcels; oldest first."""
    rows = Delivery.objects.filter(event__order_ref=order_id)
    return rows.select_related("event", "endpoint").order_by("id")


def attempts_of(*, delivery: Delivery) -> "QuerySet[DeliveryAttempt]":
    """Every try of a delivery that is still kept, oldest first."""
    return DeliveryAttempt.objects.filter(delivery=delivery).order_by("number", "id")


@dataclass(frozen=True, slots=True)
class SuccessRate:
    """Of the attempts of a span of time; it begins on a full ten minutes."""

    attempts: int
    failures: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; None without attempts."""
        return 1 - self.failures / self.attempts if self.attempts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointStats:
    """How sending to an endpoint goes."""

    hour: SuccessRate
    day: SuccessRate
    week: SuccessRate
    p95_ms: int | None
    """What 95 of 100 attempts of the last 24 hours kept within, to the next step of
    `tallies.BOUNDS_MS`; None without attempts."""
    oldest_pending_age: timedelta | None
    """Since the oldest delivery that waits was written."""
    next_attempt_at: datetime | None
    """When the next of them is due; while the breaker is open or the endpoint is paused, later."""
    last_error: str
    last_failure_at: datetime | None
    last_success_at: datetime | None


def endpoint_stats(endpoint_ids: Collection[int], now: datetime) -> dict[int, EndpointStats]:
    """Statistics by endpoint, in four queries however many there are."""
    keys = set(endpoint_ids)
    health = {row.pk: row for row in EndpointHealth.objects.filter(pk__in=keys)}
    counted = _tallies(keys, now)
    oldest = _least(keys, "created_at")
    due = _least(keys, "not_before")
    return {
        key: EndpointStats(
            hour=_rate(counted[key], now - timedelta(hours=1)),
            day=_rate(counted[key], now - timedelta(days=1)),
            week=_rate(counted[key], now - timedelta(days=7)),
            p95_ms=_p95(counted[key], now - timedelta(days=1)),
            oldest_pending_age=now - oldest[key] if key in oldest else None,
            next_attempt_at=due.get(key),
            last_error=row.last_error,
            last_failure_at=row.last_failure_at,
            last_success_at=row.last_success_at,
        )
        for key, row in health.items()
    }


def _tallies(keys: set[int], now: datetime) -> defaultdict[int, list[EndpointTally]]:
    since = tallies.begin_of(now - timedelta(days=7))
    found: defaultdict[int, list[EndpointTally]] = defaultdict(list)
    for row in EndpointTally.objects.filter(endpoint__in=keys, started_at__gte=since):
        found[row.endpoint_id].append(row)
    return found


def _least(keys: set[int], column: str) -> dict[int, datetime]:
    rows = Delivery.objects.filter(endpoint__in=keys, state=DeliveryState.PENDING)
    found = rows.order_by().values("endpoint_id").annotate(least=Min(column))
    return dict(found.values_list("endpoint_id", "least"))


def _since(rows: Sequence[EndpointTally], moment: datetime) -> list[EndpointTally]:
    begin = tallies.begin_of(moment)
    return [row for row in rows if row.started_at >= begin]


def _rate(rows: Sequence[EndpointTally], moment: datetime) -> SuccessRate:
    meant = _since(rows, moment)
    return SuccessRate(sum(row.attempts for row in meant), sum(row.failures for row in meant))


def _p95(rows: Sequence[EndpointTally], moment: datetime) -> int | None:
    meant = _since(rows, moment)
    if not meant:
        return None
    places = [sum(counts) for counts in zip(*(row.durations for row in meant), strict=True)]
    return tallies.percentile(places, P95)
