"""From units by SKU to units by line."""

from oms.api.increff.packing import PackLine, by_sku, shared, split_serials

SHIRT, SOCKS = 7, 8
LINES = [
    PackLine(id=1, sku_id=SHIRT, live=2),
    PackLine(id=2, sku_id=SOCKS, live=1),
    PackLine(id=3, sku_id=SHIRT, live=3),
]


def test_units_come_from_the_first_line_first():
    assert shared({SHIRT: 4}, LINES) == {1: 2, 3: 2}


def test_a_line_that_is_in_a_box_gives_nothing():
    packed = [PackLine(id=1, sku_id=SHIRT, live=2, packed=2), *LINES[1:]]

    assert shared({SHIRT: 3}, packed) == {3: 3}


def test_a_cancelled_line_gives_nothing():
    cancelled = [PackLine(id=1, sku_id=SHIRT, live=0), *LINES[1:]]

    assert shared({SHIRT: 1, SOCKS: 1}, cancelled) == {3: 1, 2: 1}


def test_units_that_nobody_has_stay_with_the_last_line():
    assert shared({SHIRT: 6}, LINES) == {1: 2, 3: 4}


def test_a_sku_that_is_in_no_line_is_left_out():
    assert shared({99: 1, SOCKS: 1}, LINES) == {2: 1}


def test_units_of_lines_count_by_sku():
    assert by_sku({1: 2, 2: 1, 3: 2}, LINES) == {SHIRT: 4, SOCKS: 1}


def test_serials_follow_their_units():
    found = split_serials({SHIRT: ["a", "b", "c"]}, {1: 2, 3: 1}, LINES)

    assert found == {1: ("a", "b"), 3: ("c",)}


def test_units_without_serials_have_none():
    assert split_serials({SOCKS: []}, {2: 1}, LINES) == {}
