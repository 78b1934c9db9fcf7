"""Endpoints, events for them, and a clock the engine goes by."""

import datetime as dt
from collections.abc import Sequence

from django.db import connection, transaction

from oms.accounts.models import Organization
from oms.events import outbox, sending, services
from oms.events.choices import EventType, SubjectType
from oms.events.models import Delivery, Endpoint, EndpointHealth
from oms.kernel.actors import SYSTEM
from tests.factories import NOW, make_organization
from tests.simulators.receiver import Receiver

SECOND = dt.timedelta(seconds=1)


class Clock:
    """The engine's and the receiver's; moves only when told."""

    def __init__(self, now: dt.datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now

    def unix(self) -> float:
        return self.now.timestamp()

    def advance(self, seconds: float) -> None:
        self.now += seconds * SECOND


def make_receiving(receiver: Receiver, path: str = "/hooks", **overrides) -> Endpoint:
    """An active endpoint at a path of the receiver, which knows its secret."""
    values = {
        "name": f"at {path}",
        "url": receiver.url(path),
        "format": "standard",
        "allow_private_network": True,
        "rate": 0.0,
    }
    if "organization_id" not in overrides:
        values["organization_id"] = make_organization().pk
    draft = services.EndpointDraft(**(values | overrides))
    made = services.register_endpoint(draft=draft, actor=SYSTEM, now=NOW)
    receiver.secrets[path] = [made.secret]
    EndpointHealth.objects.filter(pk=made.endpoint.pk).update(tokens_at=NOW)
    return made.endpoint


def happen(
    organization: Organization | int,
    *subjects: int,
    event_type: EventType = EventType.ORDER_PLACED,
    now: dt.datetime = NOW,
    **data,
) -> None:
    """Events of orders, one for each number; their deliveries are due at `now`."""
    organization_id = organization if isinstance(organization, int) else organization.pk
    facts = [
        outbox.Fact(
            organization_id=organization_id,
            type=event_type,
            subject_type=SubjectType.ORDER,
            subject_id=subject,
            order_ref=subject,
            data={"order": f"ORD-{subject}", **data},
        )
        for subject in subjects
    ]
    with transaction.atomic():
        outbox.record(facts, actor=SYSTEM, now=now)
    become_due(now)


def become_due(now: dt.datetime) -> None:
    """Deliveries are written due by the database's clock: put those on the test's."""
    fresh = Delivery.objects.filter(not_before__gt=now + dt.timedelta(days=30), attempts=0)
    fresh.update(not_before=now, created_at=now)


def send(clock: Clock, **pace) -> sending.Delivered:
    """Send all that is due now; returns when nothing is due or on its way."""
    return sending.deliver(clock=clock, pace=sending.Pace(**{"watch": 0, **pace}))


def states() -> list[str]:
    return list(Delivery.objects.order_by("id").values_list("state", flat=True))


def health_of(endpoint: Endpoint) -> EndpointHealth:
    return EndpointHealth.objects.get(pk=endpoint.pk)


def explain(query: str, params: dict) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {query}", params)
        return "\n".join(row[0] for row in cursor.fetchall())


def subjects_of(messages: Sequence[dict]) -> list[tuple[str, int]]:
    return [(message["data"]["order"], message["sequence"]) for message in messages]
