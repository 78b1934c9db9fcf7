"""One organization, one clock: what sweeps see of organizations whose clock is ahead."""

import datetime as dt

import pytest
from django.utils import timezone

from fulfillment import services as fulfillment
from fulfillment import tasks as fulfillment_tasks
from fulfillment.models import Document
from oms.accounts import clocks
from oms.accounts.clocks import Ahead, Circle
from oms.orders import tasks as order_tasks
from oms.orders.models import Order
from tests.factories import (
    channel_actor,
    make_channel,
    make_organization,
    make_point,
    make_sku,
    place,
)
from tests.statements import count_statements

AHEAD = dt.timedelta(days=10)


@pytest.fixture(autouse=True)
def _fresh(db):
    clocks.forget()


def make_order(*, offset=dt.timedelta(), **overrides):
    organization = make_organization(is_test=True, clock_offset=offset)
    point = make_point(organization=organization)
    sku = make_sku(point=point, on_hand=5)
    channel = make_channel(points=[point])
    return place(channel=channel, lines=[(sku, 1)], now=timezone.now() + offset, **overrides)


def test_everybody_has_the_real_time_while_no_clock_is_ahead():
    make_organization(is_test=True)
    now = timezone.now()

    found = clocks.circles(now=now)

    assert found == [(Circle(), now)]


def test_an_organization_that_is_ahead_has_a_time_of_its_own():
    ahead = make_organization(is_test=True, clock_offset=AHEAD)
    now = timezone.now()

    found = clocks.circles(now=now)

    assert found == [
        (Circle(besides=(ahead.pk,)), now),
        (Circle(only=ahead.pk), now + AHEAD),
    ]


def test_that_none_is_ahead_is_not_asked_again_for_a_second():
    seconds = [0.0]
    ahead = Ahead(clock=lambda: seconds[0])
    with count_statements() as first:
        ahead.offsets()

    with count_statements() as soon:
        ahead.offsets()
    seconds[0] = 1.0
    with count_statements() as later:
        ahead.offsets()

    assert [len(first), len(soon), len(later)] == [1, 0, 1]


def test_routing_takes_orders_that_are_due_by_their_own_clock():
    ahead, ordinary = make_order(offset=AHEAD), make_order()

    fulfillment_tasks.allocate_due(is_sweep=True)

    found = {pk: Order.objects.get(pk=pk) for pk in (ahead.pk, ordinary.pk)}
    assert [found[pk].status for pk in (ahead.pk, ordinary.pk)] == ["ALLOCATED", "ALLOCATED"]
    assert found[ahead.pk].allocation_tried_at >= timezone.now() + AHEAD - dt.timedelta(minutes=1)
    assert found[ordinary.pk].allocation_tried_at <= timezone.now()


def test_labels_are_made_that_are_due_by_their_own_clock():
    order = make_order(offset=AHEAD)
    fulfillment_tasks.allocate_due(is_sweep=True)
    now = timezone.now()
    fulfillment.pack_units(
        draft=fulfillment.BoxDraft(order=order.public_id, carrier="ghn"),
        actor=channel_actor(order.channel),
        now=now + AHEAD,
    )

    fulfillment_tasks.fetch_due_labels(is_sweep=True)

    assert [label.status for label in Document.objects.all()] == ["READY"]


def test_delivered_orders_are_completed_by_their_own_clock():
    ahead, ordinary = make_order(offset=AHEAD), make_order()
    delivered = timezone.now() - dt.timedelta(days=1)
    Order.objects.update(status="DELIVERED", delivered_at=delivered)

    order_tasks.complete_due()

    assert Order.objects.get(pk=ahead.pk).completed_at is not None
    assert Order.objects.get(pk=ordinary.pk).completed_at is None
