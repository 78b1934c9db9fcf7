from datetime import timedelta

import pytest

from fulfillment.models import RoutingDecision, Scenario, ScenarioVersion
from fulfillment.services import allocation
from oms.events.models import Event
from oms.kernel.actors import SYSTEM
from oms.orders.queries import OrderNotFound
from tests.factories import (
    NOW,
    count_units,
    level_of,
    make_channel,
    make_point,
    make_sku,
    place,
    relay_everything,
)

pytestmark = pytest.mark.django_db


def two_points():
    near = make_point(priority=1)
    far = make_point(priority=2, organization=near.organization)
    return near, far


def route(order, now=NOW):
    allocation.allocate_due(now=now)
    order.refresh_from_db()
    return order


def tasks_of(order):
    return [
        (task.point_id, sorted(task.lines.values_list("sku_id", "quantity")))
        for task in order.tasks.order_by("id")
    ]


def test_the_first_point_with_everything_ships_everything():
    near, far = two_points()
    sku = make_sku(point=near, on_hand=1)
    count_units(point=far, sku=sku, on_hand=5)
    order = place(channel=make_channel(points=[near, far]), lines=[(sku, 2)])

    route(order)

    assert order.status == "ALLOCATED"
    assert tasks_of(order) == [(far.pk, [(sku.pk, 2)])]
    assert (level_of(near, sku).reserved, level_of(far, sku).reserved) == (0, 2)


def test_an_order_that_may_not_be_split_waits():
    near, far = two_points()
    first, second = make_sku(point=near, on_hand=1), make_sku(point=far, on_hand=1)
    order = place(channel=make_channel(points=[near, far]), lines=[(first, 1), (second, 1)])

    route(order)

    assert (order.status, order.tasks.count()) == ("UNALLOCATED", 0)
    assert order.waiting_for == f"Out of stock: {first.code}, {second.code}"
    assert order.allocation_due_at == NOW + timedelta(minutes=30)


def test_an_order_that_may_be_split_goes_to_both():
    near, far = two_points()
    first, second = make_sku(point=near, on_hand=1), make_sku(point=far, on_hand=1)
    order = place(
        channel=make_channel(points=[near, far]), lines=[(first, 1), (second, 1)], allow_split=True
    )

    route(order)

    assert order.status == "ALLOCATED"
    assert tasks_of(order) == [(near.pk, [(first.pk, 1)]), (far.pk, [(second.pk, 1)])]


def test_what_cannot_be_served_of_a_split_order_waits():
    point = make_point()
    sku = make_sku(point=point, on_hand=1)
    order = place(
        channel=make_channel(points=[point]), lines=[(sku, 1), ("NOPE", 1)], allow_split=True
    )

    route(order)

    assert (order.status, order.waiting_for) == ("UNALLOCATED", "Unknown SKU: NOPE")
    assert tasks_of(order) == [(point.pk, [(sku.pk, 1)])]
    decision = RoutingDecision.objects.get(order=order)
    assert decision.outcome == "PARTLY_SERVED"


def test_two_lines_of_one_sku_need_both():
    point = make_point()
    sku = make_sku(point=point, on_hand=3)
    order = place(channel=make_channel(points=[point]), lines=[(sku, 2), (sku, 2)])

    assert route(order).status == "UNALLOCATED"


def test_every_decision_explains_itself():
    near, far = two_points()
    closed = make_point(organization=near.organization, priority=0, is_active=False)
    sku = make_sku(point=near, on_hand=1)
    count_units(point=far, sku=sku, on_hand=5)
    order = place(channel=make_channel(points=[near, far, closed]), lines=[(sku, 2)])

    route(order)

    decision = RoutingDecision.objects.get(order=order)
    assert (decision.outcome, decision.reason) == ("SERVED", "One point ships everything")
    assert decision.explanation == {
        "scenario": "built-in",
        "version": 0,
        "split_allowed": False,
        "candidates": [
            {"point": closed.code, "verdict": "left out", "why": "the point is closed"},
            {
                "point": near.code,
                "verdict": "short",
                "short": [{"sku": sku.code, "wanted": 2, "available": 1}],
            },
            {"point": far.code, "verdict": "ships everything"},
        ],
    }


def test_a_repeated_answer_is_counted_not_stored_again():
    point = make_point()
    sku = make_sku(point=point)
    order = place(channel=make_channel(points=[point]), lines=[(sku, 1)])
    route(order)

    later = NOW + timedelta(minutes=30)
    route(order, now=later)

    decision = RoutingDecision.objects.get(order=order)
    assert (decision.repeated, decision.decided_at) == (1, later)
    assert order.allocation_attempts == 2
    assert Event.objects.filter(order_ref=order.pk, type="order.unallocated").count() == 1


def test_a_waiting_order_is_served_when_stock_arrives():
    point = make_point()
    sku = make_sku(point=point)
    order = place(channel=make_channel(points=[point]), lines=[(sku, 1)])
    route(order)

    count_units(point=point, sku=sku, on_hand=1)
    relay_everything()

    assert route(order).status == "ALLOCATED"


def test_an_unpaid_order_is_never_routed():
    point = make_point()
    order = place(
        channel=make_channel(points=[point]),
        lines=[(make_sku(point=point, on_hand=1), 1)],
        is_paid=False,
    )

    assert allocation.allocate_order(order_id=order.pk, actor=SYSTEM, now=NOW) is None
    order.refresh_from_db()
    assert order.status == "CREATED"


def test_a_quota_that_is_used_up_passes_the_point_over():
    near, far = two_points()
    near.max_quota = 1
    near.save(update_fields=["max_quota"])
    sku = make_sku(point=near, on_hand=5)
    count_units(point=far, sku=sku, on_hand=5)
    channel = make_channel(points=[near, far])
    first = place(channel=channel, lines=[(sku, 1)])
    second = place(channel=channel, lines=[(sku, 1)])

    allocation.allocate_due(now=NOW)

    assert first.tasks.get().point_id == near.pk
    assert second.tasks.get().point_id == far.pk


def test_the_first_active_scenario_that_matches_decides():
    near, far = two_points()
    first, second = make_sku(point=near, on_hand=1), make_sku(point=far, on_hand=1)
    scenario = Scenario.objects.create(
        organization=near.organization, code="SG", name="Singapore", priority=1
    )
    ScenarioVersion.objects.create(scenario=scenario, number=1, rules={"split": "never"})
    ScenarioVersion.objects.create(
        scenario=scenario,
        number=2,
        rules={"split": "always", "filters": {"countries": ["SG"]}, "carrier": "Bike"},
    )
    channel = make_channel(points=[near, far])
    here = place(channel=channel, lines=[(first, 1), (second, 1)])
    there = place(channel=channel, lines=[(first, 1), (second, 1)], country="MY")

    allocation.allocate_due(now=NOW)

    assert sorted(here.tasks.values_list("carrier", flat=True)) == ["Bike", "Bike"]
    assert there.tasks.count() == 0


def test_an_order_that_does_not_exist_cannot_be_routed():
    with pytest.raises(OrderNotFound):
        allocation.allocate_order(order_id=1, actor=SYSTEM, now=NOW)


def test_a_batch_costs_a_fixed_number_of_statements():
    from tests.statements import count_statements

    point = make_point()
    sku = make_sku(point=point, on_hand=1000)
    channel = make_channel(points=[point])

    def statements(orders: int) -> int:
        for _ in range(orders):
            place(channel=channel, lines=[(sku, 1)])
        with count_statements() as counted:
            allocation.allocate_due(now=NOW)
        return len(counted)

    assert statements(20) == statements(2)
