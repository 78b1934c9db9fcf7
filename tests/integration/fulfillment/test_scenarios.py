"""Orders routed by scenarios: filters, sellers, first states, transfers, quotas, calendars."""

import datetime as dt

import pytest

from fulfillment.models import RoutingDecision, TransferOrder
from fulfillment.services import allocation
from oms.events.models import Event
from oms.locations.models import PointCalendar
from oms.orders.traits import Traits
from tests.factories import NOW, count_units, level_of, make_channel, make_point, make_sku
from tests.integration.fulfillment.scenarios import (
    broken,
    make_scenario,
    place_with,
    route,
    tasks_of,
)

pytestmark = pytest.mark.django_db


def two_points(**second):
    first = make_point(priority=1)
    return first, make_point(priority=2, organization=first.organization, **second)


@pytest.mark.parametrize(
    ("filters", "order", "is_taken"),
    [
        ({"shipping_options": ["fast"]}, {"traits": Traits(shipping_option="fast")}, True),
        ({"shipping_options": ["fast"]}, {"traits": Traits(shipping_option="slow")}, False),
        ({"payment_methods": ["card"]}, {"traits": Traits(payment_option="card")}, True),
        ({"payment_methods": ["COD"]}, {"payment_method": "COD"}, True),
        ({"payment_methods": ["COD"]}, {}, False),
        ({"customer_types": ["b2b"]}, {"traits": Traits(customer_type="b2b")}, True),
        ({"regions": ["34"]}, {"traits": Traits(region="34")}, True),
        ({"regions": ["34"]}, {"traits": Traits(region="06")}, False),
        ({"sku_tags": ["cold"]}, {}, True),
        ({"sku_tags": ["fragile"]}, {}, False),
        ({"min_value": 20}, {}, False),
    ],
)
def test_a_scenario_takes_the_orders_its_filters_take(filters, order, is_taken):
    point = make_point()
    sku = make_sku(point=point, on_hand=1, tags=["cold"])
    make_scenario(point.organization, filters=filters, carrier="Chosen")
    placed = place_with(make_channel(points=[point]), [(sku, 1)], **order)

    route(placed)

    assert (placed.tasks.get().carrier == "Chosen") is is_taken


def test_two_sellers_in_one_order_are_two_tasks_and_one_split():
    first, second = two_points(supplier_code="S2")
    first.supplier_code = "S1"
    first.save(update_fields=["supplier_code"])
    sku = make_sku(point=first, on_hand=5)
    count_units(point=second, sku=sku, on_hand=5)
    order = place_with(
        make_channel(points=[first, second]), [(sku, 1), (sku, 1)], sellers=["S1", "S2"]
    )

    route(order)

    assert tasks_of(order) == [(first.pk, "CREATED", True, 1), (second.pk, "CREATED", True, 1)]
    [split] = Event.objects.filter(order_ref=order.pk, type="order.split")
    assert split.data["tasks"] == list(order.tasks.order_by("pk").values_list("number", flat=True))
    assert broken() == []


def test_parts_of_an_order_begin_where_the_scenario_says():
    first, second = two_points()
    one, other = make_sku(point=first, on_hand=2), make_sku(point=second, on_hand=1)
    make_scenario(first.organization, split="by_line", initial_state="150")
    channel = make_channel(points=[first, second])
    whole = place_with(channel, [(one, 1)])
    parts = place_with(channel, [(one, 1), (other, 1)])

    allocation.allocate_due(now=NOW)

    assert tasks_of(whole) == [(first.pk, "CREATED", True, 1)]
    assert [status for _, status, _, _ in tasks_of(parts)] == ["WAITING_REMOTE"] * 2


def test_missing_units_come_by_transfer_and_are_reserved_where_they_are():
    first, second = two_points()
    one, other = make_sku(point=first, on_hand=1), make_sku(point=second, on_hand=2)
    make_scenario(first.organization, is_transferable=True)
    order = place_with(make_channel(points=[first, second]), [(one, 1), (other, 2)])

    route(order)

    assert tasks_of(order) == [(first.pk, "WAITING_TRANSFER", True, 3)]
    transfer = TransferOrder.objects.get()
    assert (transfer.source_id, transfer.destination_id) == (second.pk, first.pk)
    assert transfer.lines.get().quantity == 2
    assert (level_of(first, one).reserved, level_of(second, other).reserved) == (1, 2)
    assert Event.objects.filter(type="transfer.created").count() == 1
    assert broken() == []


def test_a_line_that_is_partly_here_is_brought_in_part():
    first, second = two_points()
    sku = make_sku(point=first, on_hand=2)
    count_units(point=second, sku=sku, on_hand=2)
    make_scenario(first.organization, is_transferable=True)
    order = place_with(make_channel(points=[first, second]), [(sku, 3)])

    route(order)

    assert (level_of(first, sku).reserved, level_of(second, sku).reserved) == (2, 1)
    assert TransferOrder.objects.get().lines.get().quantity == 1
    assert broken() == []


def test_open_tasks_fill_a_quota():
    first, second = two_points()
    first.max_quota = 1
    first.save(update_fields=["max_quota"])
    second.max_quota = 5
    second.save(update_fields=["max_quota"])
    sku = make_sku(point=first, on_hand=9)
    count_units(point=second, sku=sku, on_hand=9)
    make_scenario(first.organization, hard_rules=["stock", "quota"], quota="open")
    channel = make_channel(points=[first, second])
    orders = [place_with(channel, [(sku, 1)]) for _ in range(2)]

    allocation.allocate_due(now=NOW)

    assert [tasks_of(order)[0][0] for order in orders] == [first.pk, second.pk]
    decision = RoutingDecision.objects.get(order=orders[1])
    assert decision.explanation["candidates"][0] == {
        "point": first.code,
        "verdict": "left out",
        "rule": "quota",
        "why": "1 of 1 open tasks are taken",
        "scores": {"priority": 1},
    }


def test_an_order_waits_until_a_point_opens():
    point = make_point(timezone="Asia/Singapore")
    PointCalendar.objects.create(point=point, hours={"5": [["09:00", "18:00"]]})
    sku = make_sku(point=point, on_hand=1)
    make_scenario(point.organization, hard_rules=["stock", "calendar"])
    order = place_with(make_channel(points=[point]), [(sku, 1)])
    opens_at = dt.datetime(2026, 1, 16, 1, 0, tzinfo=dt.UTC)

    route(order, now=opens_at - dt.timedelta(minutes=10))
    waits_until = order.allocation_due_at
    route(order, now=opens_at)

    assert waits_until == opens_at
    assert tasks_of(order) == [(point.pk, "CREATED", True, 1)]


def test_orders_of_a_static_channel_wait_for_a_scenario_that_names_it():
    point = make_point()
    sku = make_sku(point=point, on_hand=2)
    channel = make_channel(points=[point], type="SELLER_CENTER")
    order = place_with(channel, [(sku, 1)])
    make_scenario(point.organization, code="ANY", split="always")

    waiting = route(order).waiting_for
    make_scenario(
        point.organization,
        code="BOUND",
        is_static_channel=True,
        filters={"channels": [channel.code]},
    )
    route(order)

    assert waiting == "No scenario names the channel"
    assert tasks_of(order) == [(point.pk, "CREATED", True, 1)]
    assert order.waiting_for == ""
