"""Sending again: what is counted is what is sent."""

import datetime as dt

import pytest

from oms.events import services
from oms.events.choices import DeliveryState, EventType
from oms.events.models import Delivery, Event
from oms.kernel.actors import SYSTEM, Actor
from tests.factories import NOW, make_organization
from tests.integration.events.builders import happen, make_receiving, send, states

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def endpoint(clock, receiver):
    """Five delivered at NOW, two of them cancellations; three exhausted an hour later."""
    endpoint = make_receiving(receiver)
    happen(endpoint.organization_id, 1, 2, 3)
    happen(endpoint.organization_id, 1, 2, event_type=EventType.ORDER_CANCELLED)
    send(clock)
    happen(endpoint.organization_id, 4, 5, 6, now=NOW + HOUR)
    late = Delivery.objects.filter(state=DeliveryState.PENDING)
    late.update(state=DeliveryState.EXHAUSTED, attempts=10, finished_at=NOW + HOUR)
    receiver.calls.clear()
    return endpoint


@pytest.mark.parametrize(
    ("conditions", "number"),
    [
        ({}, 3),
        ({"states": ["DELIVERED"]}, 5),
        ({"states": ["DELIVERED", "EXHAUSTED"]}, 8),
        ({"states": ["DELIVERED"], "types": ["order.cancelled"]}, 2),
        ({"states": ["DELIVERED", "EXHAUSTED"], "since": NOW + HOUR}, 3),
        ({"states": ["DELIVERED", "EXHAUSTED"], "until": NOW + HOUR}, 5),
        ({"states": ["PENDING"]}, 0),
        ({"endpoint_id": 0}, 0),
        ({"delivery_ids": []}, 0),
    ],
)
def test_sends_as_many_as_it_counted(clock, receiver, endpoint, conditions, number):
    request = services.ReplayRequest(**conditions)

    counted = services.count_replay(request=request, actor=SYSTEM)
    replayed = services.replay(request=request, actor=SYSTEM, now=NOW + HOUR)
    clock.advance(3600)
    send(clock)

    assert (counted, replayed, len(receiver.calls)) == (number, number, number)
    assert {call.headers["webhook-replay"] for call in receiver.calls} <= {"true"}
    facts = Event.objects.filter(type=EventType.ENDPOINT_REPLAYED)
    assert [fact.data["deliveries"] for fact in facts] == ([number] if number else [])


def test_by_id_only_those(clock, endpoint):
    ids = list(Delivery.objects.order_by("id").values_list("pk", flat=True)[:2])
    request = services.ReplayRequest(delivery_ids=ids, states=["DELIVERED"])

    assert services.replay(request=request, actor=SYSTEM, now=NOW) == 2

    found = Delivery.objects.filter(replays=1).order_by("id").values_list("pk", flat=True)
    assert list(found) == ids


def test_a_replay_begins_a_new_run_of_tries(endpoint):
    services.replay(request=services.ReplayRequest(), actor=SYSTEM, now=NOW + HOUR)

    again = Delivery.objects.filter(replays=1)
    assert set(again.values_list("state", "attempts")) == {(DeliveryState.PENDING, 0)}


def test_what_belongs_to_others_is_neither_counted_nor_sent(endpoint):
    stranger = Actor(kind="user", ref="x", organization_id=make_organization().pk)
    request = services.ReplayRequest()
    delivery = Delivery.objects.first()

    assert services.count_replay(request=request, actor=stranger) == 0
    assert services.replay(request=request, actor=stranger, now=NOW) == 0
    with pytest.raises(services.DeliveryNotFound):
        services.resend_delivery(delivery_id=delivery.pk, actor=stranger, now=NOW)


def test_a_disabled_endpoint_is_enabled_first(endpoint):
    services.disable_endpoint(endpoint_id=endpoint.pk, reason="x", actor=SYSTEM, now=NOW)
    delivery = Delivery.objects.first()

    assert services.replay(request=services.ReplayRequest(), actor=SYSTEM, now=NOW) == 0
    with pytest.raises(services.EndpointDisabled):
        services.resend_delivery(delivery_id=delivery.pk, actor=SYSTEM, now=NOW)


def test_resending_what_waits_makes_it_due(clock, receiver):
    endpoint = make_receiving(receiver)
    receiver.behaviours["/hooks"].script = [500]
    happen(endpoint.organization_id, 1)
    send(clock)
    [delivery] = Delivery.objects.all()

    sent = services.resend_delivery(delivery_id=delivery.pk, actor=SYSTEM, now=clock())
    send(clock)

    assert (sent.state, sent.not_before, sent.replays) == (DeliveryState.PENDING, NOW, 0)
    assert states() == [DeliveryState.DELIVERED]
