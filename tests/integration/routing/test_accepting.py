import pytest

from fulfillment import services
from oms.events.models import Event
from oms.orders.models import Order
from tests.factories import (
    NOW,
    channel_actor,
    level_of,
    make_channel,
    make_draft,
    make_point,
    make_sku,
)

pytestmark = pytest.mark.django_db


def accept(channel, *lines, **overrides):
    return services.accept_order(
        draft=make_draft(channel=channel, lines=lines, **overrides),
        refuse_unallocated=True,
        actor=channel_actor(channel),
        now=NOW,
    )


def test_a_strict_channel_is_allocated_at_once():
    point = make_point()
    sku = make_sku(point=point, on_hand=1)

    intake = accept(make_channel(points=[point]), (sku, 1))

    assert Order.objects.get(pk=intake.order_id).status == "ALLOCATED"
    assert level_of(point, sku).reserved == 1


def test_a_strict_channel_refuses_what_cannot_be_served_and_stores_nothing():
    point = make_point()
    sku = make_sku(point=point, on_hand=1)
    events = Event.objects.count()

    with pytest.raises(services.OrderCannotBeAllocated, match="Out of stock"):
        accept(make_channel(points=[point]), (sku, 2))

    assert Order.objects.exists() is False
    assert level_of(point, sku).reserved == 0
    assert Event.objects.count() == events


def test_a_strict_channel_takes_unpaid_orders_without_promising():
    intake = accept(make_channel(points=[make_point()]), ("NOPE", 1), is_paid=False)

    assert Order.objects.get(pk=intake.order_id).status == "CREATED"


def test_a_replay_of_an_allocated_order_is_still_a_success():
    point = make_point()
    channel = make_channel(points=[point])
    draft = make_draft(channel=channel, lines=[(make_sku(point=point, on_hand=1), 1)])

    def send():
        return services.accept_order(
            draft=draft, refuse_unallocated=True, actor=channel_actor(channel), now=NOW
        ).outcome

    assert [send(), send()] == ["placed", "unchanged"]
