"""What fails is tried again by the hook's own formula, then swept, in order (contract 3.4)."""

import pytest

from oms.events import sending
from oms.events.choices import DeliveryState
from oms.events.models import Delivery, EndpointHealth
from oms.events.services import ReplayRequest, replay
from oms.kernel.actors import SYSTEM
from tests.integration.akinon.hooks.builders import TRANSITIONED
from tests.integration.events.builders import send

EXPONENTIAL = {"retry_countdown_config": {"choice": "exponential", "kwargs": {"base": 2}}}
FIXED = {"retry_countdown_config": {"choice": "fixed", "kwargs": {"seconds": 5}}}
SWEEP = 3600.0


def waits_of(shop) -> list[float]:
    """Seconds from each failed try to the next, until nothing is tried any more."""
    waits = []
    while True:
        before = shop.clock()
        send(shop.clock)
        row = Delivery.objects.get()
        if row.state != DeliveryState.PENDING:
            return waits
        waits.append((row.not_before - before).total_seconds())
        shop.clock.now = row.not_before
        EndpointHealth.objects.update(
            breaker="CLOSED", breaker_until=None, recent=[], failing_since=None
        )


@pytest.mark.parametrize(
    ("options", "retries"),
    [
        ({}, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]),
        (EXPONENTIAL, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]),
        (FIXED, [5] * 10),
        (
            {"retry_countdown_config": {"choice": "linear", "kwargs": {"base": 3, "limit": 9}}},
            [3, 6, 9, 9, 9, 9, 9, 9, 9],  # the first retry comes at once
        ),
    ],
)
def test_ten_retries_go_by_the_formula_and_eight_by_the_sweep(shop, options, retries):
    shop.receiver.failing["/hooks"] = 500
    shop.listen("package.created", options=options)
    shop.order()
    shop.push_nothing()

    waits = waits_of(shop)

    assert waits == [*retries, *[SWEEP] * 8]
    row = Delivery.objects.get()
    assert (row.state, row.tries, len(shop.receiver.calls)) == (DeliveryState.EXHAUSTED, 19, 19)


@pytest.mark.parametrize("status", [301, 400, 401, 404, 410, 429, 500, 503])
def test_whatever_is_no_success_is_tried_again_alike(shop, status):
    shop.receiver.script["/hooks"] = [status]
    shop.listen("package.created", options=FIXED)
    shop.order()
    shop.push()

    shop.pass_seconds(5)

    assert [call.status for call in shop.receiver.of()] == [status, 200]


def test_every_try_sends_the_bytes_of_the_first(shop):
    shop.receiver.script["/hooks"] = [500, 500]
    shop.listen("package.created", options=FIXED)
    order = shop.order()
    shop.push()
    shop.pick(order)

    shop.pass_seconds(5)
    shop.pass_seconds(5)

    bodies = {call.body for call in shop.receiver.of()}
    assert (len(shop.receiver.of()), len(bodies)) == (3, 1)
    assert shop.receiver.of()[2].payload["state"]["enum_value"] == "100"


def test_the_news_of_one_package_arrives_in_order(shop):
    shop.receiver.script["/hooks"] = [503, 503]
    shop.listen(options=FIXED)
    first, second = shop.order("A-1"), shop.order("A-2")
    shop.pick(first)
    shop.pack(first)
    shop.push()
    shop.pick(second)
    shop.push()

    for _ in range(4):
        shop.pass_seconds(5)

    taken = [call.payload for call in shop.receiver.of() if call.status == 200]
    states = [(payload["order_number"], payload["state"]["enum_value"]) for payload in taken]
    assert [value for number, value in states if number == "A-1"] == ["200", "500"]
    assert [value for number, value in states if number == "A-2"] == ["200"]
    dates = [payload["modified_date"] for payload in taken if payload["order_number"] == "A-1"]
    assert dates == sorted(dates)


def test_a_receiver_that_is_down_for_ten_minutes_misses_nothing(shop):
    shop.receiver.failing["/hooks"] = 500
    shop.listen(options=EXPONENTIAL)
    orders = [shop.order(f"A-{number}") for number in range(5)]
    for order in orders:
        shop.pick(order)
        shop.pack(order)
    shop.push()
    for _ in range(10):
        shop.pass_seconds(60)
    shop.receiver.failing.clear()

    for _ in range(12):
        shop.pass_seconds(600)

    taken = [call for call in shop.receiver.of() if call.status == 200]
    assert len({call.uuid for call in taken}) == len(taken) == 10
    assert {one["state"]["enum_value"] for one in shop.receiver.packages.values()} == {"500"}
    assert len(shop.receiver.packages) == 5


def test_a_replay_has_the_uuid_and_bytes_of_the_first(shop):
    shop.listen(TRANSITIONED)
    order = shop.order()
    shop.pick(order)
    shop.push()

    request = ReplayRequest(states=(DeliveryState.DELIVERED,))
    replay(request=request, actor=SYSTEM, now=shop.clock())
    shop.pass_seconds(1)

    first, again = shop.receiver.of()
    assert (first.uuid, first.body) == (again.uuid, again.body)


def at_once(shop, *, is_forced: bool = False):
    return sending.send_at_once(
        delivery_id=Delivery.objects.get().pk,
        retries=10,
        is_forced=is_forced,
        actor=SYSTEM,
        now=shop.clock(),
        clock=shop.clock,
    )


def test_at_once_sends_what_stayed_undelivered(shop):
    shop.listen("package.created")
    shop.order()
    shop.push_nothing()
    Delivery.objects.update(state=DeliveryState.EXHAUSTED, finished_at=shop.clock(), attempts=19)

    made = at_once(shop)

    row = Delivery.objects.get()
    assert (made.status, row.state, row.claim_id) == (200, DeliveryState.DELIVERED, None)
    assert shop.receiver.words() == ["package.created"]


def test_at_once_leaves_alone_what_arrived(shop):
    shop.listen("package.created")
    shop.order()
    shop.push()

    with pytest.raises(sending.DeliveryArrived):
        at_once(shop)

    assert len(shop.receiver.calls) == 1


def test_at_once_leaves_alone_what_is_still_tried(shop):
    shop.receiver.failing["/hooks"] = 500
    shop.listen("package.created")
    shop.order()
    shop.push()

    with pytest.raises(sending.DeliveryUnderWay):
        at_once(shop)

    assert len(shop.receiver.calls) == 1


def test_at_once_is_forced(shop):
    shop.receiver.script["/hooks"] = [500]
    shop.listen("package.created")
    shop.order()
    shop.push()

    made = at_once(shop, is_forced=True)

    assert made.status == 200
    assert [call.status for call in shop.receiver.of()] == [500, 200]


def test_at_once_one_that_fails_again_waits_for_its_next_try(shop):
    shop.receiver.failing["/hooks"] = 502
    shop.listen("package.created", options=FIXED)
    shop.order()
    shop.push()

    made = at_once(shop, is_forced=True)

    row = Delivery.objects.get()
    assert (made.status, row.state, row.tries) == (502, DeliveryState.PENDING, 2)
    assert (row.not_before - shop.clock()).total_seconds() == 5
