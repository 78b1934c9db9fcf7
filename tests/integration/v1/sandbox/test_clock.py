"""`/v1/sandbox` and `/v1/sandbox/clock`."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from oms.accounts.models import Organization
from oms.api.v1.road.fields import moment
from oms.kernel.actors import SYSTEM
from oms.orders import services as orders
from oms.orders.choices import HoldReason
from oms.orders.models import Hold, Order
from tests.integration.v1.orders.world import codes, make_world
from tests.v1_client import V1

DAY = 86_400
ORDINARY = (
    ("GET", "/sandbox", None),
    ("POST", "/sandbox/clock", {"advance_seconds": DAY}),
    ("POST", "/sandbox/ship-everything", {}),
)


def offset(world):
    return Organization.objects.get(pk=world.organization.pk).clock_offset


def move(world, **body):
    return world.api.post("/sandbox/clock", body)


def test_moves_add_up(world):
    move(world, advance_seconds=DAY)
    answer = move(world, advance_seconds=DAY)

    shown = world.api.get("/sandbox").json()

    assert answer.status_code == 200
    assert answer.json()["advanced_seconds"] == 2 * DAY
    assert shown["advanced_seconds"] == 2 * DAY
    assert shown["now"] >= answer.json()["now"]
    assert offset(world) == dt.timedelta(days=2)


def test_a_time_can_be_named(world):
    to = timezone.now() + dt.timedelta(days=30)

    answer = move(world, to=moment(to))

    assert answer.json()["now"] == moment(to)


def test_a_repeat_moves_once(world):
    key = str(uuid4())
    first = world.api.post("/sandbox/clock", {"advance_seconds": DAY}, key=key)

    again = world.api.post("/sandbox/clock", {"advance_seconds": DAY}, key=key)

    assert again.content == first.content
    assert offset(world) == dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"advance_seconds": 0}, [("/advance_seconds", "out_of_range")]),
        ({"advance_seconds": -DAY}, [("/advance_seconds", "out_of_range")]),
        ({"advance_seconds": 367 * DAY}, [("/advance_seconds", "out_of_range")]),
        ({"advance_seconds": 1.5}, [("/advance_seconds", "invalid_type")]),
        ({"to": "2020-01-01T00:00:00Z"}, [("/to", "out_of_range")]),
        ({"to": "9998-01-01T00:00:00Z"}, [("/to", "out_of_range")]),
        ({}, [("/advance_seconds", "required")]),
        (
            {"advance_seconds": DAY, "to": "2030-01-01T00:00:00Z"},
            [("/advance_seconds", "not_allowed")],
        ),
    ],
)
def test_refuses_moves_that_are_none(world, body, errors):
    answer = move(world, **body)

    assert answer.status_code == 422
    assert codes(answer) == errors
    assert offset(world) == dt.timedelta()


def test_never_goes_back_to_a_time_it_has_shown(world):
    move(world, advance_seconds=2 * DAY)

    answer = move(world, to=moment(timezone.now() + dt.timedelta(days=1)))

    assert answer.status_code == 422
    assert codes(answer) == [("/to", "out_of_range")]
    assert offset(world) == dt.timedelta(days=2)


def test_ten_years_are_the_furthest(world):
    Organization.objects.filter(pk=world.organization.pk).update(
        clock_offset=dt.timedelta(days=3659)
    )

    answer = move(world, advance_seconds=2 * DAY)

    assert answer.status_code == 422
    assert codes(answer) == [("/advance_seconds", "out_of_range")]
    assert offset(world) == dt.timedelta(days=3659)


@pytest.mark.parametrize(("method", "path", "body"), ORDINARY)
def test_an_ordinary_organization_has_none_of_it(db, method, path, body):
    world = make_world()
    order = world.place()

    answer = world.api.call(method, path, json=body)

    assert answer.status_code == 403
    assert answer.json()["code"] == "insufficient_scope"
    assert answer.json()["detail"] == "This is no test organization."
    assert offset(world) == dt.timedelta()
    assert world.read(order)["version"] == order["version"]


@pytest.mark.parametrize(("method", "path", "body"), ORDINARY)
def test_a_client_of_one_channel_has_none_of_it(world, method, path, body):
    bound = V1(world.organization, channel=world.channel)

    answer = bound.call(method, path, json=body)

    assert answer.status_code == 403
    assert answer.json()["detail"] == "This is for clients of the whole organization."
    assert offset(world) == dt.timedelta()


def test_the_database_refuses_to_move_other_clocks(db):
    organization = make_world().organization

    with pytest.raises(IntegrityError, match="moves_test_clocks_only"), transaction.atomic():
        Organization.objects.filter(pk=organization.pk).update(clock_offset=dt.timedelta(1))


def test_another_organization_keeps_its_time(world):
    other = make_world()
    order = other.place()
    _deliver(order)

    answer = move(world, advance_seconds=30 * DAY)

    assert answer.json()["orders_completed"] == 0
    assert offset(other) == dt.timedelta()
    assert other.read(order)["status"] == "delivered"


def test_a_hold_ends_by_it_and_the_order_is_routed(world):
    order = world.place()
    row = Order.objects.get(number=int(order["number"][-8:]))
    orders.hold_order(
        order_id=row.pk,
        reason=HoldReason.OTHER,
        note="",
        holder="staff:anna",
        expires_at=timezone.now() + dt.timedelta(hours=2),
        actor=SYSTEM,
        now=timezone.now(),
    )

    early = move(world, advance_seconds=3600).json()
    late = move(world, advance_seconds=3600).json()

    assert [early["holds_released"], late["holds_released"]] == [0, 1]
    assert late["orders_routed"] == 1
    assert Hold.objects.get().released_at >= timezone.now() + dt.timedelta(minutes=119)
    assert world.read(order)["status"] == "allocated"


def test_a_cancellation_request_expires_by_it(world):
    move(world, advance_seconds=30 * DAY)
    order = world.place()
    asked = world.api.post(f"/orders/{order['id']}/cancellation-requests", {"reason": "other"})

    early = move(world, advance_seconds=6 * DAY).json()
    late = move(world, advance_seconds=DAY).json()

    assert asked.status_code == 201, asked.content
    expired = "cancellation_requests_expired"
    assert [early[expired], late[expired]] == [0, 1]


def test_a_point_that_does_not_accept_loses_the_task(world):
    world.point.accept_within = 30
    world.point.save()
    order = world.place()
    move(world, advance_seconds=1)
    before = world.read(order)["status"]

    moved = move(world, advance_seconds=31 * 60).json()

    assert before == "allocated"
    assert moved["tasks_taken_back"] == 1
    assert world.read(order)["status"] == "confirmed"


def _deliver(order):
    now = timezone.now()
    Order.objects.filter(number=int(order["number"][-8:])).update(
        status="DELIVERED", delivered_at=now
    )
