"""Receivers that are down, slow or dead, in simulated time."""

import datetime as dt
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

import pytest

from oms.events import formats, services
from oms.events.choices import BreakerState, DeliveryState, EndpointState, EventType
from oms.events.models import Delivery, DeliveryAttempt, Endpoint, EndpointHealth, Event
from oms.events.standard import SCHEDULE, StandardFormat
from oms.kernel.actors import SYSTEM
from tests.factories import NOW
from tests.integration.events.builders import (
    happen,
    health_of,
    make_receiving,
    send,
    states,
)

pytestmark = pytest.mark.django_db

ORDERS = 900
MINUTE = 60
HOUR = 60 * MINUTE


def send_until(clock, *, seconds: float, step: float) -> None:
    """Send what is due, every `step` seconds for so long."""
    for _ in range(round(seconds / step)):
        clock.advance(step)
        send(clock)


def send_all(clock, *, most_steps: int, step: float) -> None:
    """Send until nothing waits."""
    for _ in range(most_steps):
        send(clock)
        if not Delivery.objects.filter(state=DeliveryState.PENDING).exists():
            return
        clock.advance(step)


@pytest.mark.django_db(transaction=True)
def test_after_an_hour_down_at_five_events_a_second_all_arrive_in_order(clock, receiver):
    endpoint = make_receiving(receiver, is_ordered=True, max_in_flight=100)
    receiver.behaviours["/hooks"].is_down = True
    for chunk in range(HOUR // 60):
        orders = [1 + (chunk * 300 + place) % ORDERS for place in range(300)]
        happen(endpoint.organization_id, *orders, now=clock())
        send(clock)
        clock.advance(60)
    down = len(receiver.calls)

    receiver.behaviours["/hooks"].is_down = False
    send_all(clock, most_steps=200, step=30)

    assert down == 0
    assert states() == [DeliveryState.DELIVERED] * 18_000
    sequences = defaultdict(list)
    for call in receiver.accepted():
        sequences[call.message["data"]["order"]].append(call.message["sequence"])
    assert set(map(tuple, sequences.values())) == {tuple(range(1, 21))}
    assert (len(sequences), len(receiver.calls)) == (ORDERS, 18_000)
    assert receiver.most_per_subject["/hooks"] == 1


def test_a_dead_endpoint_with_ten_thousand_waiting_is_hardly_asked(clock, receiver):
    endpoint = make_receiving(receiver)
    receiver.behaviours["/hooks"].status = 500
    happen(endpoint.organization_id, *range(1, 10_001))
    send(clock)
    opening = len(receiver.calls)

    send_until(clock, seconds=HOUR, step=15)
    asked = [call.at for call in receiver.calls[opening:]]

    assert 10 <= opening < 30
    assert all(later - earlier >= 30 for earlier, later in pairwise(asked))
    assert len(asked) < HOUR / 30 / 4
    assert Delivery.objects.filter(state=DeliveryState.EXHAUSTED).exists() is False
    assert Delivery.objects.filter(attempts=0).count() >= 9_900


def test_after_revival_the_oldest_goes_first(clock, receiver):
    endpoint = make_receiving(receiver, max_in_flight=1)
    receiver.behaviours["/hooks"].status = 500
    for number in range(1, 31):
        happen(endpoint.organization_id, number, now=clock())
        clock.advance(1)
    send_until(clock, seconds=600, step=30)
    receiver.calls.clear()

    receiver.behaviours["/hooks"].status = 200
    send_all(clock, most_steps=500, step=60)

    assert states() == [DeliveryState.DELIVERED] * 30
    untried = [
        int(call.message["data"]["order"].removeprefix("ORD-"))
        for call in receiver.calls
        if call.headers["webhook-attempt"] == "1"
    ]
    assert untried == sorted(untried)


def test_while_the_breaker_is_open_nothing_is_spent(clock, receiver):
    endpoint = make_receiving(receiver)
    EndpointHealth.objects.filter(pk=endpoint.pk).update(
        breaker=BreakerState.OPEN, breaker_until=NOW + dt.timedelta(seconds=30), breaker_trips=1
    )
    happen(endpoint.organization_id, *range(1, 9))

    send(clock)
    closed = len(receiver.calls)
    clock.advance(30)
    send(clock)

    assert closed == 0
    assert receiver.most_at_once["/hooks"] <= 2
    assert states() == [DeliveryState.DELIVERED] * 8
    assert health_of(endpoint).breaker == BreakerState.CLOSED


def test_who_fails_for_five_days_is_warned_about_and_disabled(clock, receiver):
    endpoint = make_receiving(receiver, name="shop")
    watcher = make_receiving(
        receiver,
        "/watch",
        name="watcher",
        organization_id=endpoint.organization_id,
        words=["endpoint.*"],
    )
    receiver.behaviours["/hooks"].status = 500
    happen(endpoint.organization_id, *range(1, 41))

    for _ in range(6 * 24):
        Delivery.objects.filter(event__type__startswith="endpoint.").update(not_before=clock())
        send(clock)
        clock.advance(HOUR)

    endpoint.refresh_from_db()
    assert endpoint.state == EndpointState.DISABLED
    assert endpoint.state_reason == "Every try of the last five days failed"
    warned = Event.objects.filter(type=EventType.ENDPOINT_WARNED).order_by("id")
    assert [event.data["percent"] for event in warned] == [50, 70, 90, 100]
    heard = [call.message for call in receiver.accepted("/watch")]
    about = [event["data"]["endpoint"] for event in heard if event["type"] == "endpoint.warned"]
    assert about == ["shop"] * 4
    assert heard[-1]["data"]["status"] == "DISABLED"
    watcher.refresh_from_db()
    assert watcher.state == EndpointState.ACTIVE


def test_enabling_recovers_every_suppressed_event_once(clock, receiver):
    endpoint = make_receiving(receiver, max_in_flight=50)
    happen(endpoint.organization_id, *range(1, 51))
    services.disable_endpoint(endpoint_id=endpoint.pk, reason="dead", actor=SYSTEM, now=NOW)
    happen(endpoint.organization_id, *range(51, 101))
    send(clock)
    silent = (len(receiver.calls), set(states()))

    services.enable_endpoint(endpoint_id=endpoint.pk, recover=True, actor=SYSTEM, now=NOW)
    send(clock)

    assert silent == (0, {DeliveryState.SUPPRESSED})
    assert states() == [DeliveryState.DELIVERED] * 100
    assert len(receiver.calls) == len(receiver.accepted()) == 100
    events = Event.objects.filter(type=EventType.ENDPOINT_REPLAYED)
    assert [event.data["deliveries"] for event in events] == [100]


def test_never_more_than_the_rate_in_any_second(clock, receiver):
    endpoint = make_receiving(receiver, rate=10.0, max_in_flight=50)
    happen(endpoint.organization_id, *range(1, 10_001))

    send_until(clock, seconds=20, step=0.02)

    times = [call.at for call in receiver.calls]
    most = max(sum(begin <= at < begin + 1 for at in times) for begin in times)
    assert most <= 11
    assert 198 <= len(times) <= 201


def test_a_hanging_endpoint_holds_up_nobody_else(clock, receiver):
    hanging = make_receiving(receiver, "/hanging")
    sound = make_receiving(receiver, "/sound", organization_id=hanging.organization_id)
    receiver.behaviours["/hanging"].delay = 1.0
    happen(hanging.organization_id, *range(1, 101))

    send(clock, limit=0.8)

    assert len(receiver.of("/sound")) == 100
    assert receiver.most_at_once["/hanging"] == 2
    assert set(sound.deliveries.values_list("state", flat=True)) == {DeliveryState.DELIVERED}


def test_who_times_out_gets_one_at_a_time(clock, receiver, impatient):
    endpoint = make_receiving(receiver)
    EndpointHealth.objects.update(window=10)
    receiver.behaviours["/hooks"].hangs = True
    happen(endpoint.organization_id, *range(1, 31))

    send(clock)

    assert health_of(endpoint).window == 1
    outcomes = set(DeliveryAttempt.objects.values_list("outcome", flat=True))
    assert outcomes == {"TIMEOUT"}
    waiting = Delivery.objects.filter(attempts=1)
    least = min(waiting.values_list("not_before", flat=True))
    assert least >= NOW + dt.timedelta(seconds=60)
    assert Endpoint.objects.get().state == EndpointState.ACTIVE


class Impatient(StandardFormat):
    schedule = replace(SCHEDULE, deadline=dt.timedelta(seconds=0.3))


@pytest.fixture
def impatient():
    """The standard format, with a deadline tests can wait for."""
    formats.register(Impatient())
    yield
    formats.register(StandardFormat())
