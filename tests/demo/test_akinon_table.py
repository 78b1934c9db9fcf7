"""The table of commands: what counts as a surprise, and how it is drawn."""

import pytest

from demo.akinon import moves
from demo.akinon.making import KIND_OF, WAY_TO
from demo.akinon.table import needed
from demo.akinon.tries import Try, drawn, surprises

ALLOWED = frozenset({"500"})


def tried(expected, status, after, state="100"):
    return Try(state, "complete-packing", expected, status, after, "text")


@pytest.mark.parametrize(
    ("each", "cell"),
    [(tried(ALLOWED, 204, "500"), "500"), (tried(frozenset(), 400, "100"), "·")],
)
def test_what_was_expected_is_no_surprise(each, cell):
    assert surprises([each]) == []
    assert each.cell == cell


@pytest.mark.parametrize(
    ("each", "cell", "told"),
    [
        (tried(ALLOWED, 400, "100"), "!400", "refused with 400 text"),
        (tried(ALLOWED, 204, "400"), "!400", "went to 400, expected ['500']"),
        (tried(frozenset(), 204, "500"), "!500", "answered 204 text, a refusal was expected"),
        (tried(frozenset(), 500, "100"), "!500", "answered 500 text, a refusal was expected"),
        (tried(frozenset(), 400, "500"), "!400", "was refused, yet is in 500"),
    ],
)
def test_anything_else_is_one(each, cell, told):
    assert surprises([each]) == [f"complete-packing from 100: {told}"]
    assert each.cell == cell


def test_the_table_has_a_row_for_each_command():
    told = drawn("Packages", ("100", "500"), [tried(ALLOWED, 204, "500")])

    assert told.splitlines() == [
        "Packages",
        "                    100   500",
        "complete-packing    500      ",
    ]


def test_every_state_can_be_reached_and_is_tried():
    every = moves.all_moves(denial_reason=1)

    assert set(WAY_TO) == set(moves.STATES)
    assert set(KIND_OF) <= set(moves.STATES)
    assert {state for move in every for state in move.targets} <= set(moves.STATES)
    assert needed(every).count("650") == 3
    assert len(needed(every)) == len(moves.STATES) + sum(len(move.targets) for move in every)


def test_a_move_from_elsewhere_is_a_refusal():
    [ship] = [move for move in moves.all_moves(denial_reason=1) if move.slug == "ship"]

    assert ship.target("500") == {"600"}
    assert ship.target("100") == frozenset()
