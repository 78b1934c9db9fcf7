"""Bundles in planning: sets stay whole, wherever they go."""

import pytest

from fulfillment.choices import RoutingOutcome
from fulfillment.routing.rules import Rules
from fulfillment.routing.sets import gathered
from tests.unit.routing.builders import line, plan, point, rules_of, shares, stock_of

BOX = 100  # the line of the bundle


def parts(sets: int, **per_set: int):
    """Lines 1, 2, ... of a bundle with so many units of each SKU in a set."""
    return [
        line(sku, sets * units, key=key, set_id=BOX, per_set=units)
        for key, (sku, units) in enumerate(per_set.items(), 1)
    ]


def test_one_point_that_has_all_parts_ships_the_bundle():
    planned = plan(parts(2, A=1, B=3), [point(1)], stock_of(P1={"A": 2, "B": 6}), Rules())

    assert (planned.outcome, shares(planned)) == (RoutingOutcome.SERVED, {1: {1: 2, 2: 6}})


def test_a_bundle_takes_its_parts_from_the_stock():
    stock = stock_of(P1={"A": 5, "B": 7})

    plan(parts(2, A=1, B=3), [point(1)], stock, Rules())

    assert stock == stock_of(P1={"A": 3, "B": 1})


def test_parts_at_different_points_are_no_bundle():
    stock = stock_of(P1={"A": 1}, P2={"B": 1})

    planned = plan(parts(1, A=1, B=1), [point(1), point(2)], stock, Rules(), allow_split=True)

    assert (planned.outcome, shares(planned)) == (RoutingOutcome.WAITING, {})
    assert planned.reason == "Out of stock: A, B"


def test_an_order_that_may_be_split_sends_the_whole_bundle_from_one_point():
    stock = stock_of(P1={"A": 1, "C": 1}, P2={"A": 1, "B": 1})
    wanted = [*parts(1, A=1, B=1), line("C", key=3)]

    planned = plan(wanted, [point(1), point(2)], stock, Rules(), allow_split=True)

    assert shares(planned) == {1: {3: 1}, 2: {1: 1, 2: 1}}


def test_by_unit_each_point_ships_whole_sets():
    rules = rules_of(split="by_unit")
    stock = stock_of(P1={"A": 3, "B": 2}, P2={"A": 1, "B": 9})

    planned = plan(parts(3, A=1, B=2), [point(1), point(2)], stock, rules)

    assert shares(planned) == {1: {1: 1, 2: 2}, 2: {1: 1, 2: 2}}
    assert planned.outcome == RoutingOutcome.PARTLY_SERVED
    assert stock == stock_of(P1={"A": 2, "B": 0}, P2={"A": 0, "B": 7})


def test_a_sku_beside_a_bundle_that_has_it_too_is_counted_once():
    wanted = [*parts(2, A=2, B=1), line("A", key=3)]

    short = plan(wanted, [point(1)], stock_of(P1={"A": 4, "B": 2}), Rules())
    served = plan(wanted, [point(1)], stock_of(P1={"A": 5, "B": 2}), Rules())

    assert (short.outcome, served.outcome) == (RoutingOutcome.WAITING, RoutingOutcome.SERVED)
    assert shares(served) == {1: {1: 4, 2: 2, 3: 1}}


def test_missing_sets_are_brought_whole():
    rules = rules_of(is_transferable=True)
    stock = stock_of(P1={"A": 2, "B": 1}, P2={"A": 5, "B": 1})

    planned = plan(parts(2, A=1, B=1), [point(1), point(2)], stock, rules)

    assert shares(planned) == {1: {1: 2, 2: 2}}
    [transfer] = planned.transfers
    assert (transfer.source_point_id, dict(transfer.lines)) == (2, {1: 1, 2: 1})


def test_what_nobody_has_stands_at_the_default_point_by_its_parts():
    rules = rules_of(default_point="P1")

    planned = plan(parts(2, A=1, B=3), [point(1)], {}, rules, default_point_id=1)

    [share] = planned.unserved
    assert dict(share.lines) == {1: 2, 2: 6}


def test_an_unknown_sku_beside_it_makes_a_bundle_wait():
    wanted = [*parts(1, A=1), line("?", key=3)]

    planned = plan(wanted, [point(1)], stock_of(P1={"A": 1}), Rules())

    assert (planned.reason, shares(planned)) == ("Unknown SKU: ?", {})


@pytest.mark.parametrize(
    ("waiting", "sets", "loose"),
    [
        ({1: 4, 2: 6}, 2, {}),
        ({1: 5, 2: 6}, 2, {1: 1}),
        ({1: 1, 2: 6}, 0, {1: 1, 2: 6}),
        ({2: 4}, 1, {2: 1}),
    ],
)
def test_units_that_make_no_set_travel_alone(waiting, sets, loose):
    per_set = {1: 2, 2: 3}
    codes = {1: "A", 2: "B"}
    wanted = [
        line(codes[key], units, key=key, set_id=BOX, per_set=per_set[key])
        for key, units in waiting.items()
    ]

    found = gathered(wanted)

    assert sum(each.quantity for each in found if each.parts) == sets
    assert {each.line_id: each.quantity for each in found if not each.parts} == loose
