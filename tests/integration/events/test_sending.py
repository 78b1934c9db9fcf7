"""Deliveries on their way to a real HTTP receiver, by the engine's own clock."""

import datetime as dt
import logging
from collections.abc import Sequence

import pytest

from oms.events import formats, services
from oms.events.choices import AttemptOutcome, DeliveryState, EventType
from oms.events.models import Delivery, DeliveryAttempt, Endpoint, Event, MessageBody
from oms.events.standard import StandardFormat
from oms.kernel.actors import SYSTEM
from tests.factories import NOW
from tests.integration.events.builders import (
    Clock,
    happen,
    health_of,
    make_receiving,
    send,
    states,
)
from tests.simulators.receiver import Behaviour

pytestmark = pytest.mark.django_db


def test_news_reaches_who_subscribed(clock, receiver):
    endpoint = make_receiving(receiver)
    happen(endpoint.organization_id, 1, 2)

    done = send(clock)

    assert (done.recorded, done.late, done.has_more) == (2, 0, False)
    assert states() == [DeliveryState.DELIVERED] * 2
    events = [call.message for call in receiver.accepted()]
    assert sorted(event["data"]["order"] for event in events) == ["ORD-1", "ORD-2"]
    assert health_of(endpoint).window == 4


def test_a_message_is_what_the_standard_says(clock, receiver):
    endpoint = make_receiving(receiver, headers={"X-Team": "blue"})
    happen(
        endpoint.organization_id, 7, line_ids=[1, 2], channel_id=9, parts=[{"sku_id": 3, "n": 1}]
    )

    send(clock)

    [call] = receiver.calls
    event = Event.objects.get(type=EventType.ORDER_PLACED)
    assert call.is_genuine
    assert call.message == {
        "id": f"evt_{event.public_id.hex}",
        "type": "order.placed",
        "api_version": "1",
        "occurred_at": "2026-01-15T12:00:00.000000Z",
        "sequence": 1,
        "data": {"order": "ORD-7", "parts": [{"n": 1}]},
    }
    sent = {name: call.headers[name] for name in ("webhook-id", "webhook-attempt", "x-team")}
    assert sent == {"webhook-id": call.message["id"], "webhook-attempt": "1", "x-team": "blue"}
    assert "webhook-replay" not in call.headers


def test_an_attempt_keeps_what_was_said_but_no_secret(clock, receiver):
    endpoint = make_receiving(receiver, headers={"X-Password": "hush", "Authorization": "Basic x"})
    receiver.behaviours["/hooks"] = Behaviour(
        status=418, body=b"short \x00 and stout" + b"!" * 5000
    )
    happen(endpoint.organization_id, 1)

    send(clock)

    attempt = DeliveryAttempt.objects.get()
    assert (attempt.number, attempt.outcome, attempt.status) == (1, AttemptOutcome.REFUSED, 418)
    assert (attempt.error, attempt.is_late) == ("Answered 418", False)
    assert attempt.answer == ("short \N{REPLACEMENT CHARACTER} and stout" + "!" * 5000)[:4096]
    assert attempt.request_headers["X-Password"] == "***"
    assert attempt.request_headers["Authorization"] == "***"
    assert attempt.request_headers["webhook-id"] == receiver.calls[0].id
    assert "hush" not in str(attempt.request_headers)


def test_every_try_sends_the_same_bytes_under_the_same_id(clock, receiver):
    endpoint = make_receiving(receiver)
    receiver.behaviours["/hooks"].script = [500, 500]
    happen(endpoint.organization_id, 1)

    for _ in range(3):
        send(clock)
        clock.advance(3600)

    first, second, third = receiver.calls
    assert {(call.id, call.body) for call in receiver.calls} == {(first.id, first.body)}
    assert [call.headers["webhook-attempt"] for call in receiver.calls] == ["1", "2", "3"]
    assert second.headers["webhook-timestamp"] != third.headers["webhook-timestamp"]
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.tries) == (DeliveryState.DELIVERED, 3, 3)
    numbers = DeliveryAttempt.objects.order_by("id").values_list("number", "outcome")
    assert list(numbers) == [(1, "REFUSED"), (2, "REFUSED"), (3, "DELIVERED")]


def test_endpoints_of_one_variant_share_a_body(clock, receiver):
    first = make_receiving(receiver, "/one")
    make_receiving(receiver, "/two", organization_id=first.organization_id)
    happen(first.organization_id, 1, 2, 3)

    send(clock)

    assert states() == [DeliveryState.DELIVERED] * 6
    assert MessageBody.objects.count() == 3
    assert len(receiver.of("/one")) == len(receiver.of("/two")) == 3


def test_nothing_is_sent_to_who_is_paused_until_it_is_resumed(clock, receiver):
    endpoint = make_receiving(receiver)
    services.pause_endpoint(endpoint_id=endpoint.pk, actor=SYSTEM, now=NOW)
    happen(endpoint.organization_id, 1)

    send(clock)
    paused = list(receiver.calls)
    services.resume_endpoint(endpoint_id=endpoint.pk, actor=SYSTEM, now=NOW)
    send(clock)

    assert (paused, len(receiver.calls)) == ([], 1)


def test_after_the_last_delay_a_delivery_is_exhausted(clock, receiver):
    endpoint = make_receiving(receiver)
    receiver.behaviours["/hooks"].status = 500
    happen(endpoint.organization_id, 1)

    for _ in range(12):
        send(clock)
        clock.advance(40 * 3600)

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == (DeliveryState.EXHAUSTED, 10)
    assert len(receiver.calls) == 10
    assert delivery.finished_at is not None


def test_410_disables_the_endpoint_and_keeps_its_news(clock, receiver):
    endpoint = make_receiving(receiver)
    receiver.behaviours["/hooks"].status = 410
    happen(endpoint.organization_id, 1)

    send(clock)
    happen(endpoint.organization_id, 2)

    endpoint.refresh_from_db()
    assert (endpoint.state, endpoint.state_reason) == (
        "DISABLED",
        "The receiver says it is gone for good",
    )
    assert states() == [DeliveryState.SUPPRESSED] * 2
    assert len(receiver.calls) == 1
    told = Event.objects.get(type=EventType.ENDPOINT_STATE_CHANGED)
    assert (told.subject_id, told.status) == (endpoint.pk, "DISABLED")


@pytest.mark.parametrize("asked", ["120", "Thu, 15 Jan 2026 12:02:00 GMT"])
def test_the_pause_a_receiver_asks_for_is_kept(clock, receiver, asked):
    endpoint = make_receiving(receiver)
    receiver.behaviours["/hooks"] = Behaviour(status=429, headers={"Retry-After": asked})
    happen(endpoint.organization_id, 1, 2)

    send(clock)
    receiver.behaviours["/hooks"] = Behaviour()
    clock.advance(119)
    send(clock)
    early = len(receiver.calls)
    clock.advance(1)
    send(clock)

    assert early == len(receiver.of("/hooks")) - 2
    assert states() == [DeliveryState.DELIVERED] * 2


def test_a_connection_that_fails_at_once_is_tried_once_more(clock, receiver):
    endpoint = make_receiving(receiver)
    Endpoint.objects.filter(pk=endpoint.pk).update(url="http://127.0.0.1:1/nobody")
    happen(endpoint.organization_id, 1)

    send(clock)

    attempt = DeliveryAttempt.objects.get()
    assert (attempt.outcome, attempt.status) == (AttemptOutcome.CONNECTION, None)
    delivery = Delivery.objects.get()
    assert delivery.not_before - NOW >= dt.timedelta(seconds=4)
    assert health_of(endpoint).window == 1


class Picky(StandardFormat):
    """Has nothing to tell of order 1, and fails on order 2."""

    def render(self, events: Sequence[Event], *, endpoint: Endpoint, now: dt.datetime):
        bodies: dict[int, bytes | None] = {}
        for event in events:
            if event.subject_id == 2:
                raise LookupError("no such thing")
            bodies[event.pk] = None if event.subject_id == 1 else b"{}"
        return bodies


@pytest.fixture
def picky():
    formats.register(Picky())
    yield
    formats.register(StandardFormat())


@pytest.mark.usefixtures("picky")
def test_what_cannot_be_rendered_holds_up_nobody(clock, receiver, caplog):
    caplog.set_level(logging.CRITICAL)
    endpoint = make_receiving(receiver)
    happen(endpoint.organization_id, 1, 2, 3)

    send(clock)

    assert states() == [DeliveryState.SKIPPED, DeliveryState.PENDING, DeliveryState.DELIVERED]
    assert len(receiver.calls) == 1
    failed = DeliveryAttempt.objects.get(outcome=AttemptOutcome.UNRENDERED)
    assert failed.error == "The message could not be made: LookupError"
    assert health_of(endpoint).failures_in_a_row == 0


def test_a_body_that_is_kept_is_not_rendered_again(clock, receiver):
    endpoint = make_receiving(receiver)
    happen(endpoint.organization_id, 1)
    event = Event.objects.get(type=EventType.ORDER_PLACED)
    MessageBody.objects.create(event=event, variant="standard.1", body=b'{"by": "a rival"}')

    send(clock)

    assert [call.body for call in receiver.calls] == [b'{"by": "a rival"}']


def test_an_endpoint_whose_seal_is_broken_costs_no_attempt(clock, receiver, caplog):
    caplog.set_level(logging.CRITICAL)
    broken = make_receiving(receiver, "/broken")
    sound = make_receiving(receiver, "/sound", organization_id=broken.organization_id)
    broken.secrets.update(secret=sound.secrets.get().secret)
    happen(broken.organization_id, 1)

    send(clock)

    assert [call.path for call in receiver.calls] == ["/sound"]
    waiting = Delivery.objects.get(endpoint=broken)
    assert (waiting.state, waiting.attempts, waiting.claim_id) == (DeliveryState.PENDING, 0, None)
    assert waiting.not_before == NOW + dt.timedelta(minutes=5)


def test_a_huge_event_is_delivered_thin(clock, receiver):
    endpoint = make_receiving(receiver)
    happen(endpoint.organization_id, 1, note="x" * 300 * 1024, quantity=5)

    send(clock)

    [call] = receiver.accepted()
    assert call.message["data"] == {"order": "ORD-1", "quantity": 5}
    assert call.message["data_url"] is None


def test_a_replay_is_the_same_message_marked_as_one(clock, receiver):
    endpoint = make_receiving(receiver)
    happen(endpoint.organization_id, 1)
    send(clock)
    [delivery] = Delivery.objects.all()

    services.resend_delivery(delivery_id=delivery.pk, actor=SYSTEM, now=clock())
    send(clock)

    first, again = receiver.calls
    assert (again.id, again.body) == (first.id, first.body)
    assert (again.headers["webhook-replay"], again.headers["webhook-attempt"]) == ("true", "2")
    assert states() == [DeliveryState.DELIVERED]


def test_an_engine_with_nothing_to_do_ends_at_once(clock):
    done = send(Clock())

    assert (done.recorded, done.has_more) == (0, False)


def test_a_job_whose_time_is_over_says_so(clock, receiver):
    endpoint = make_receiving(receiver)
    happen(endpoint.organization_id, 1)

    done = send(clock, limit=0.0)

    assert (done.recorded, done.has_more) == (0, True)
    assert states() == [DeliveryState.PENDING]
