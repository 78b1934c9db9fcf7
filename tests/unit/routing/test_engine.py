"""Planning by a scenario's own rules."""

import datetime as dt

import pytest

from fulfillment.routing.shapes import Destination, Transfer
from tests.unit.routing.builders import fallen, line, lines, plan, point, rules_of, shares, stock_of

ISTANBUL = Destination(country="TR", region="34", latitude=41.01, longitude=28.98)


def test_the_nearest_point_ships_where_distance_ranks():
    far = point(1, latitude=39.93, longitude=32.86)
    near = point(2, latitude=41.05, longitude=29.0)
    stock = stock_of(P1={"A": 1}, P2={"A": 1})

    planned = plan(
        lines("A"), [far, near], stock, rules_of(ranking=["distance"]), destination=ISTANBUL
    )

    assert shares(planned) == {2: {1: 1}}
    assert planned.verdicts == [
        {"point": "P2", "verdict": "ships everything", "scores": {"priority": 2, "km": 4.8}}
    ]


def test_a_point_whose_place_nobody_knows_comes_last_by_distance():
    unknown, near = point(1), point(2, latitude=41.05, longitude=29.0)
    stock = stock_of(P1={"A": 1}, P2={"A": 1})

    planned = plan(
        lines("A"), [unknown, near], stock, rules_of(ranking=["distance"]), destination=ISTANBUL
    )

    assert shares(planned) == {2: {1: 1}}


def test_the_cheapest_point_ships_where_cost_ranks():
    stock = stock_of(P1={"A": 1}, P2={"A": 1})
    rules = rules_of(ranking=["cost"], cost={"per_parcel": 9, "points": {"P2": 4.5}})

    planned = plan(lines("A"), [point(1), point(2)], stock, rules)

    assert shares(planned) == {2: {1: 1}}


def test_the_least_busy_point_ships_where_load_ranks():
    busy = point(1, open_tasks=8, max_quota=10)
    idle = point(2, open_tasks=8, max_quota=100)
    stock = stock_of(P1={"A": 1}, P2={"A": 1})

    planned = plan(lines("A"), [busy, idle], stock, rules_of(ranking="load"))

    assert shares(planned) == {2: {1: 1}}


def test_fewest_parcels_prefers_who_ships_most():
    stock = stock_of(P1={"A": 1}, P2={"B": 1}, P3={"A": 1, "B": 1})
    rules = rules_of(ranking=["fewest_parcels", "priority"], split="by_line")

    planned = plan(lines("A", "B", "C"), [point(1), point(2), point(3)], stock, rules)

    assert shares(planned) == {3: {1: 1, 2: 1}}
    assert planned.reason == "Out of stock: C"


def test_a_line_is_divided_by_unit():
    stock = stock_of(P1={"A": 2}, P2={"A": 3})

    planned = plan(lines(("A", 4)), [point(1), point(2)], stock, rules_of(split="by_unit"))

    assert shares(planned) == {1: {1: 2}, 2: {1: 2}}
    assert stock == stock_of(P1={"A": 0}, P2={"A": 1})


def test_a_line_stays_whole_by_line():
    stock = stock_of(P1={"A": 2}, P2={"A": 3})
    rules = rules_of(split="by_line", ranking=["fewest_parcels"])

    planned = plan(lines(("A", 4)), [point(1), point(2)], stock, rules)

    assert (shares(planned), planned.outcome) == ({}, "WAITING")


def test_no_more_points_than_the_rules_allow():
    stock = stock_of(P1={"A": 1}, P2={"B": 1}, P3={"C": 1})
    rules = rules_of(split="by_line", max_points=2, ranking=["priority", "cost"])

    planned = plan(lines("A", "B", "C"), [point(1), point(2), point(3)], stock, rules)

    assert shares(planned) == {1: {1: 1}, 2: {2: 1}}


@pytest.mark.parametrize(("value", "points"), [(100.0, 0), (100.01, 2)])
def test_an_order_is_split_only_above_a_value(value, points):
    stock = stock_of(P1={"A": 1}, P2={"B": 1})
    rules = rules_of(split="by_line", split_above_value=100)

    planned = plan(lines("A", "B"), [point(1), point(2)], stock, rules, value=value)

    assert len(planned.shares) == points


def test_a_point_must_have_the_tags():
    stock = stock_of(P1={"A": 1}, P2={"A": 1})
    tagged = point(2, tags=frozenset({"cold", "fast"}))

    planned = plan(lines("A"), [point(1), tagged], stock, rules_of(tags=["cold"]))

    assert (shares(planned), fallen(planned)) == ({2: {1: 1}}, {"P1": "tags"})


def test_a_closed_point_is_left_out_and_the_order_tried_when_it_opens():
    opens_at = dt.datetime(2026, 1, 16, 9, tzinfo=dt.UTC)
    closed = point(1, is_closed_now=True, closed_until=opens_at)
    stock = stock_of(P1={"A": 1})

    planned = plan(lines("A"), [closed], stock, rules_of(hard_rules=["stock", "calendar"]))

    assert planned.retry_at == opens_at
    assert planned.verdicts[0]["why"] == "it does not work now until 2026-01-16 09:00 UTC"


@pytest.mark.parametrize(
    ("max_quota", "open_tasks", "served"), [(3, 2, True), (3, 3, False), (None, 0, False)]
)
def test_a_quota_of_open_tasks(max_quota, open_tasks, served):
    candidate = point(1, max_quota=max_quota, open_tasks=open_tasks)
    rules = rules_of(hard_rules=["stock", "quota"], quota="open")

    planned = plan(lines("A"), [candidate], stock_of(P1={"A": 1}), rules)

    assert bool(planned.shares) is served


def test_a_quota_matters_only_where_a_rule_asks_for_it():
    candidate = point(1, max_quota=1, open_tasks=5, quota_left=0)

    planned = plan(lines("A"), [candidate], stock_of(P1={"A": 1}), rules_of(quota="none"))

    assert shares(planned) == {1: {1: 1}}


def test_the_carrier_must_serve_the_address():
    stock = stock_of(P1={"A": 1}, P2={"A": 1})
    rules = rules_of(hard_rules=["stock", "carrier"], carrier_areas={"Local": {"regions": ["06"]}})

    planned = plan(
        lines("A"),
        [point(1, carriers=("Local",)), point(2, carriers=("Local", "National"))],
        stock,
        rules,
        destination=ISTANBUL,
    )

    assert [(share.point_id, share.carrier) for share in planned.shares] == [(2, "National")]
    assert fallen(planned) == {"P1": "carrier"}


def test_sellers_goods_go_to_their_points_and_never_share_a_task():
    wanted = [
        line("A", key=1, supplier_code="S1"),
        line("A", key=2, supplier_code="S2"),
        line("A", key=3),
    ]
    candidates = [point(1, supplier_code="S1"), point(2, supplier_code="S2"), point(3)]
    stock = stock_of(P1={"A": 5}, P2={"A": 5}, P3={"A": 5})

    planned = plan(wanted, candidates, stock, rules_of())

    assert shares(planned) == {1: {1: 1}, 2: {2: 1}, 3: {3: 1}}


def test_goods_of_nobody_go_to_a_sellers_point_only_where_the_rules_say_nothing():
    stock = stock_of(P1={"A": 1})
    candidate = point(1, supplier_code="S1")

    free = plan(lines("A"), [candidate], dict(stock), rules_of())
    bound = plan(lines("A"), [candidate], stock, rules_of(hard_rules=["supplier_code"]))

    assert (len(free.shares), len(bound.shares)) == (1, 0)


def test_an_unknown_seller_leaves_its_units_at_the_default_point():
    wanted = [line("A", 2, key=1, supplier_code="NOBODY"), line("B", key=2, supplier_code="ELSE")]

    planned = plan(
        wanted,
        [point(1)],
        stock_of(P1={"A": 9, "B": 9}),
        rules_of(default_point="P9"),
        default_point_id=9,
    )

    assert planned.shares == []
    assert [(each.point_id, dict(each.lines)) for each in planned.unserved] == [
        (9, {1: 2}),
        (9, {2: 1}),
    ]


def test_missing_units_are_brought_to_one_point():
    stock = stock_of(P1={"A": 1}, P2={"B": 1}, P3={"A": 1, "C": 1})
    rules = rules_of(is_transferable=True)

    planned = plan(lines("A", "B", "C"), [point(1), point(2), point(3)], stock, rules)

    assert shares(planned) == {1: {1: 1, 2: 1, 3: 1}}
    assert planned.transfers == [
        Transfer(source_point_id=2, point_id=1, lines={2: 1}),
        Transfer(source_point_id=3, point_id=1, lines={3: 1}),
    ]
    assert stock == stock_of(P1={"A": 0}, P2={"B": 0}, P3={"A": 1, "C": 0})


def test_the_transfer_scenario_says_where_units_come_from():
    stock = stock_of(P1={"A": 1}, P2={"B": 1}, P3={"B": 1})
    rules = rules_of(is_transferable=True)

    planned = plan(
        lines("A", "B"),
        [point(1), point(2), point(3)],
        stock,
        rules,
        transfer_rules=rules_of(points=["P3"]),
    )

    assert [each.source_point_id for each in planned.transfers] == [3]


def test_packaging_rules_are_run_in_order():
    stock = stock_of(P1={"A": 1, "B": 1}, P2={"A": 1, "B": 1})
    rules = rules_of(
        packaging_rules=[
            {"name": "rest", "order": 2, "location_conditions": ["priority"]},
            {
                "name": "cold",
                "order": 1,
                "product_condition": "include",
                "products": ["B"],
                "location_conditions": ["tags"],
                "tags": ["cold"],
            },
        ]
    )

    planned = plan(lines("A", "B"), [point(1), point(2, tags=frozenset({"cold"}))], stock, rules)

    assert shares(planned) == {2: {2: 1}, 1: {1: 1}}
    assert [each.get("step") for each in planned.verdicts] == ["cold", "cold", "rest"]


def test_a_point_that_refused_lately_is_asked_only_where_nobody_else_is_left():
    stock = stock_of(P1={"A": 1}, P2={"A": 1})
    rules = rules_of(ranking=["priority", "cost"])

    other = plan(lines("A"), [point(1), point(2)], dict(stock), rules, avoided={1: "it refused"})
    alone = plan(lines("A"), [point(1)], stock, rules, avoided={1: "it refused"})

    assert (shares(other), fallen(other)) == ({2: {1: 1}}, {"P1": "avoided"})
    assert shares(alone) == {1: {1: 1}}


def test_an_unknown_sku_keeps_an_order_together_that_may_not_be_split():
    stock = stock_of(P1={"A": 1})
    rules = rules_of(split="never", ranking=["priority", "cost"])

    planned = plan(lines("A", "NOPE"), [point(1)], stock, rules)

    assert (planned.shares, planned.reason) == ([], "Unknown SKU: NOPE")
