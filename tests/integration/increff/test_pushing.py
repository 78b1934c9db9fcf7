"""How pushes are sent: in order, on the contract's schedule, with headers that are renewed (1.3,
1.10)."""

import datetime as dt
import json
from typing import Self

import pytest

from oms.events import services
from oms.events.choices import AttemptOutcome, DeliveryState
from oms.events.formats import OptionsUnfit, UnknownWord
from oms.events.models import Delivery, DeliveryAttempt, Endpoint, EndpointHealth, Event
from oms.events.sending import delivering
from oms.events.sending.claiming import claim, release_expired
from oms.events.services import EndpointChange, ForeignClient, ReplayRequest
from oms.kernel import sealed
from oms.kernel.actors import SYSTEM
from oms.kernel.http import Answer, HttpError, HttpFailure, Request, UrlRefused
from oms.orders import services as orders
from oms.orders.drafts import OrderEdit
from tests.factories import NOW, make_channel
from tests.integration.increff.builders import SHOP, Efs
from tests.simulators.efs_receiver import EfsReceiver

HOUR = 60


def ship_by(efs: Efs, order, day: int) -> None:
    later = dt.datetime(2025, 3, day, tzinfo=dt.UTC)
    orders.edit_order(edit=OrderEdit(order_id=order.pk, ship_by_at=later), actor=SYSTEM, now=NOW)


def delivery() -> Delivery:
    return Delivery.objects.order_by("pk")[0]


class Scripted:
    """A transport that answers by a script, and notes what it was asked."""

    def __init__(self, *answers: int | HttpFailure) -> None:
        self.answers = list(answers)
        self.requests: list[Request] = []

    def __call__(self) -> "Scripted":
        return self

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing is open."""

    async def send(self, request: Request) -> Answer:
        self.requests.append(request)
        said = self.answers.pop(0)
        if isinstance(said, HttpFailure):
            raise HttpError(said, seconds=45.0)
        return Answer(status=said, headers={}, body=b"", is_truncated=False, seconds=0.1)

    def carry(self, efs: Efs) -> None:
        pace = delivering.Pace(watch=0)
        delivering.deliver(clock=efs.clock, transport=self, pace=pace)


def test_a_failed_event_holds_up_its_own_sub_order_only(efs):
    efs.listen()
    efs.receiver.failing_orders["WS-1"] = 503
    first = efs.order("WS-1")
    efs.order("WS-2")
    ship_by(efs, first, 1)
    ship_by(efs, first, 2)

    efs.push()

    assert efs.receiver.events("WS-2") == ["SUBORDER_CREATE"]
    assert efs.receiver.events("WS-1") == []
    assert [call.message["orderCode"] for call in efs.receiver.of()].count("WS-1") == 1


def test_what_waited_arrives_in_the_order_it_happened(efs):
    efs.listen()
    efs.receiver.failing_orders["WS-1"] = 503
    order = efs.order("WS-1")
    ship_by(efs, order, 1)
    ship_by(efs, order, 2)
    efs.push()
    efs.receiver.failing_orders.clear()

    efs.pass_minutes(1)

    ids = list(efs.receiver.accepted)
    assert ids == sorted(ids)
    assert efs.receiver.events() == ["SUBORDER_CREATE", *["SUBORDER_PROPERTIES_UPDATE"] * 2]


def test_every_try_sends_the_bytes_of_the_first(efs):
    efs.listen()
    efs.receiver.script["/orders"] = [500, 429]
    order = efs.order()
    efs.push()
    ship_by(efs, order, 9)

    efs.pass_minutes(1)
    efs.pass_minutes(2)

    first, second, third = efs.receiver.of()[:3]
    assert first.body == second.body == third.body
    assert first.message["messageId"] == Event.objects.get(type="task.created").pk
    assert (first.status, second.status, third.status) == (500, 429, 200)


@pytest.mark.parametrize("failure", [HttpFailure.TIMEOUT, HttpFailure.CONNECTION, 500, 503, 429])
def test_a_failure_is_tried_again_for_a_day(efs, failure):
    efs.listen()
    efs.order()
    wire = Scripted(*[failure] * 30)
    efs.push_nothing()

    waits = []
    for _ in range(30):
        before = efs.clock()
        wire.carry(efs)
        row = delivery()
        if row.state != DeliveryState.PENDING:
            break
        waits.append((row.not_before - before).total_seconds() / 60)
        efs.clock.now = row.not_before
        EndpointHealth.objects.update(breaker="CLOSED", breaker_until=None, recent=[])

    assert waits == [1, 2, 4, 8, 15, 30, 60, *[60] * 22]
    assert sum(waits) == 24 * HOUR
    assert (row.state, len(wire.requests)) == (DeliveryState.EXHAUSTED, 30)


@pytest.mark.parametrize("status", [400, 403, 404, 409, 410, 422])
def test_another_client_error_is_tried_five_times_five_minutes_apart(efs, status):
    efs.listen()
    efs.order()
    wire = Scripted(*[status] * 5)
    efs.push_nothing()

    waits = []
    for _ in range(5):
        before = efs.clock()
        wire.carry(efs)
        row = delivery()
        if row.state == DeliveryState.PENDING:
            waits.append((row.not_before - before).total_seconds() / 60)
            efs.clock.now = row.not_before

    assert waits == [5, 5, 5, 5]
    assert (row.state, row.tries, row.refusals) == (DeliveryState.EXHAUSTED, 5, 5)
    assert Endpoint.objects.get().state == "ACTIVE"


def test_refusals_are_counted_apart_from_other_failures(efs):
    efs.listen()
    efs.order()
    wire = Scripted(500, 500, 400, 500, 400)
    efs.push_nothing()

    waits = []
    for _ in range(5):
        before = efs.clock()
        wire.carry(efs)
        waits.append((delivery().not_before - before).total_seconds() / 60)
        efs.clock.now = delivery().not_before

    assert waits == [1, 2, 5, 4, 5]
    assert (delivery().attempts, delivery().refusals) == (5, 2)


def test_a_receiver_that_is_silent_for_45_seconds_has_failed_and_gets_the_same_again(efs):
    efs.listen()
    efs.order()
    wire = Scripted(HttpFailure.TIMEOUT, 200)
    efs.push_nothing()

    wire.carry(efs)
    efs.clock.advance(60)
    wire.carry(efs)

    first, second = wire.requests
    assert (first.deadline, second.deadline) == (45.0, 45.0)
    assert first.body == second.body
    assert json.loads(first.body)["messageId"] == Event.objects.get(type="task.created").pk
    assert delivery().state == DeliveryState.DELIVERED


def test_the_next_event_goes_out_once_one_is_given_up(efs):
    efs.listen()
    efs.receiver.script["/orders"] = [400] * 5
    order = efs.order()
    ship_by(efs, order, 1)
    efs.push()

    for _ in range(4):
        efs.pass_minutes(5)

    assert efs.receiver.events() == ["SUBORDER_PROPERTIES_UPDATE"]
    assert delivery().state == DeliveryState.EXHAUSTED


def test_what_was_given_up_can_be_pushed_again_by_hand(efs):
    efs.listen()
    efs.receiver.script["/orders"] = [400] * 5
    efs.order()
    efs.push()
    for _ in range(4):
        efs.pass_minutes(5)

    request = ReplayRequest(delivery_ids=[delivery().pk])
    services.replay(request=request, actor=SYSTEM, now=efs.clock())
    efs.pass_minutes(0)

    assert efs.receiver.events() == ["SUBORDER_CREATE"]
    assert (delivery().attempts, delivery().refusals, delivery().tries) == (1, 0, 6)


def with_credential(efs: Efs, **options) -> Endpoint:
    return efs.listen(options={"get_credential_url": efs.receiver.url("/credential"), **options})


def test_a_401_has_the_credential_renewed_once_and_the_push_repeated_at_once(efs):
    endpoint = with_credential(efs)
    efs.receiver.credential = {"X-Auth-Key": "k-2291", "X-Auth-Tenant": "north"}

    efs.order()
    efs.push()

    told = [(call.path, call.status) for call in efs.receiver.calls]
    assert told == [("/orders", 401), ("/credential", 200), ("/orders", 200)]
    refused, asked, repeated = efs.receiver.calls
    assert asked.headers["x-auth-key"] == "k-1"
    assert repeated.headers["x-auth-tenant"] == "north"
    assert refused.body == repeated.body
    [attempt] = DeliveryAttempt.objects.all()
    assert (attempt.outcome, attempt.status) == (AttemptOutcome.DELIVERED, 200)
    assert attempt.request_headers["X-Auth-Key"] == "***"
    assert EndpointHealth.objects.get(pk=endpoint.pk).failures_in_a_row == 0


def test_the_new_headers_are_kept_sealed_until_the_next_401(efs):
    endpoint = with_credential(efs)
    efs.receiver.credential = {"X-Auth-Key": "k-2"}
    efs.order("WS-1")
    efs.push()
    efs.clock.advance(5)

    efs.order("WS-2")
    efs.push()

    health = EndpointHealth.objects.get(pk=endpoint.pk)
    assert len(efs.receiver.of("/credential")) == 1
    assert efs.receiver.of("/orders")[-1].headers["x-auth-key"] == "k-2"
    assert b"k-2" not in bytes(health.renewed_headers)
    assert json.loads(sealed.read(health, "renewed_headers")) == {"X-Auth-Key": "k-2"}


def test_the_static_headers_ask_for_the_second_credential_too(efs):
    with_credential(efs)
    for number, key in enumerate(("k-2", "k-3")):
        efs.receiver.credential = {"X-Auth-Key": key}
        efs.order(f"WS-{number}")
        efs.push()
        efs.clock.advance(5)

    assert [call.headers["x-auth-key"] for call in efs.receiver.of("/credential")] == ["k-1"] * 2
    assert [call.headers["x-auth-key"] for call in efs.receiver.of("/orders")] == [
        "k-1", "k-2", "k-2", "k-3",
    ]  # fmt: skip


def test_many_pushes_refused_together_ask_once(efs):
    endpoint = with_credential(efs)
    EndpointHealth.objects.filter(pk=endpoint.pk).update(window=10)
    efs.receiver.credential = {"X-Auth-Key": "k-2"}
    for number in range(8):
        efs.order(f"WS-{number}")

    efs.push()

    assert len(efs.receiver.of("/credential")) == 1
    assert len(efs.receiver.accepted) == 8


@pytest.mark.parametrize(
    "answer",
    [
        (500, b""),
        (200, b"[]"),
        (200, b"not json"),
        (200, b'{"a":{"b":"c"}}'),
        (200, b'{"Host":"evil"}'),
        (200, b'{"X-Key":"line\\nbreak"}'),
    ],
)
def test_a_renewal_that_fails_is_a_failed_try(efs, answer):
    with_credential(efs)
    efs.receiver.credential = {"X-Auth-Key": "k-2"}
    efs.receiver.credential_answers = [answer]

    efs.order()
    efs.push()

    [attempt] = DeliveryAttempt.objects.all()
    assert (attempt.outcome, attempt.status) == (AttemptOutcome.REFUSED, 401)
    assert attempt.error.startswith("Answered 401, no new credential: ")
    assert len(efs.receiver.of("/orders")) == 1
    assert EndpointHealth.objects.get().renewed_headers is None


def test_a_credential_that_is_refused_as_well_is_not_asked_for_a_second_time(efs):
    with_credential(efs)
    efs.receiver.credential = {"X-Auth-Key": "k-9"}
    efs.receiver.credential_answers = [(200, b'{"X-Auth-Key":"k-8"}')]
    efs.order()

    efs.push()

    assert [call.status for call in efs.receiver.calls] == [401, 200, 401]
    assert delivery().not_before == efs.clock() + dt.timedelta(minutes=1)
    efs.pass_minutes(1)
    assert efs.receiver.events() == ["SUBORDER_CREATE"]


def test_without_get_credential_a_401_is_a_failure_like_others(efs):
    efs.listen()
    efs.receiver.credential = {"X-Auth-Key": "k-2"}
    efs.order()

    efs.push()

    assert [call.status for call in efs.receiver.calls] == [401]
    assert delivery().not_before == efs.clock() + dt.timedelta(minutes=1)


def test_new_static_headers_count_at_once(efs):
    endpoint = with_credential(efs)
    efs.receiver.credential = {"X-Auth-Key": "k-2"}
    efs.order("WS-1")
    efs.push()
    efs.clock.advance(5)
    efs.receiver.credential = {"X-Other": "new"}

    change = EndpointChange(headers={"X-Other": "new"})
    services.update_endpoint(endpoint_id=endpoint.pk, change=change, actor=SYSTEM, now=NOW)
    efs.order("WS-2")
    efs.push()

    assert len(efs.receiver.of("/credential")) == 1
    assert efs.receiver.of("/orders")[-1].status == 200


def test_a_worker_that_was_killed_while_it_sent_leaves_nothing_behind(efs):
    efs.listen()
    efs.order()
    efs.push_nothing()
    claim(now=efs.clock(), most=5)

    efs.pass_minutes(1)
    assert efs.receiver.calls == []
    efs.clock.advance(61)
    release_expired(now=efs.clock())
    efs.pass_minutes(0)
    assert efs.receiver.events() == ["SUBORDER_CREATE"]


def test_an_endpoint_is_ordered_whatever_it_was_told(efs):
    endpoint = efs.listen(is_ordered=False)
    version = Endpoint.objects.get().version

    change = EndpointChange(is_ordered=False)
    changed = services.update_endpoint(
        endpoint_id=endpoint.pk, change=change, actor=SYSTEM, now=NOW
    )

    assert (endpoint.is_ordered, changed.is_ordered, changed.version) == (True, True, version)


def test_only_clients_of_efs_channels_have_such_endpoints(efs):
    with pytest.raises(ForeignClient):
        efs.listen(client_id=None)
    efs.client.channel = make_channel(organization=efs.organization)
    efs.client.save()

    with pytest.raises(UnknownWord, match="EFS channel"):
        efs.listen()

    assert not Endpoint.objects.exists()


def test_a_word_nobody_knows_is_refused(efs):
    with pytest.raises(UnknownWord, match="SUBORDER_MOVED"):
        efs.listen("SUBORDER_MOVED")


@pytest.mark.parametrize(
    "options",
    [
        {"eventDateStyle": "zoned"},
        {"eventDateStyle": ["ZONED"]},
        {"returnExtras": "yes"},
        {"get_credential_url": 7},
        {"documentMode": "URL"},
    ],
)
def test_settings_the_format_does_not_have_are_refused(efs, options):
    with pytest.raises(OptionsUnfit):
        efs.listen(options=options)


def test_get_credential_lies_where_calls_may_go(efs):
    with pytest.raises(UrlRefused):
        efs.listen(options={"get_credential_url": "ftp://x.example/"})


def test_another_organizations_points_are_never_told(efs):
    efs.listen()
    with EfsReceiver() as receiver:
        stranger = Efs(receiver=receiver, clock=efs.clock, prefix="X")
        stranger.listen()
        stranger.order("WS-77")
        stranger.push()

        assert receiver.sub_orders.keys() == {(f"X{SHOP}", "XEFS-BLR", "WS-77")}
    assert efs.receiver.calls == []
