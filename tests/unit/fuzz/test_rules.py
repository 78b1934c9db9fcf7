import pytest

from tests.fuzz.rules import announces, pattern_of

RULES = [
    {"pointer": "/**/amount", "code": "invalid_format"},
    {"pointer": "/lines/*/id", "code": "duplicate"},
]


def problem(*errors):
    return {"errors": [{"pointer": pointer, "code": code} for pointer, code in errors]}


@pytest.mark.parametrize(
    ("pointer", "fits"),
    [
        ("/amount", True),
        ("/lines/0/discount/amount", True),
        ("/lines/0/amounts", False),
    ],
)
def test_two_stars_stand_for_any_number_of_steps(pointer, fits):
    assert bool(pattern_of("/**/amount").fullmatch(pointer)) is fits


@pytest.mark.parametrize(
    ("pointer", "fits"), [("/lines/12/id", True), ("/lines/1/2/id", False), ("/lines/id", False)]
)
def test_one_star_stands_for_one_step(pointer, fits):
    assert bool(pattern_of("/lines/*/id").fullmatch(pointer)) is fits


def test_a_refusal_by_announced_rules_is_expected():
    refused = problem(("/lines/3/id", "duplicate"), ("/fee/amount", "invalid_format"))

    assert announces(RULES, refused)


@pytest.mark.parametrize(
    "refused",
    [
        problem(("/lines/3/id", "duplicate"), ("/lines/3/sku", "too_long")),
        problem(("/lines/3/id", "required")),
        problem(),
        {},
    ],
)
def test_one_error_that_is_not_announced_is_enough_for_a_finding(refused):
    assert not announces(RULES, refused)


def test_without_rules_every_refusal_is_a_finding():
    assert not announces([], problem(("/lines/3/id", "duplicate")))
