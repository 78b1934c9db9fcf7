"""The four formulas of contract 3.4, and the sweep after them."""

import datetime as dt

import pytest

from oms.api.akinon.hooks import countdown
from oms.events.formats import OptionsUnfit

HOUR = dt.timedelta(hours=1)


def least(low: float, _high: float) -> float:
    return low


def almost_most(_low: float, high: float) -> float:
    return high - 0.001


def seconds(choice: str, *, dice=least, **kwargs) -> list[float]:
    formula = countdown.read({"choice": choice, "kwargs": kwargs})
    pauses = countdown.delays(formula, sweep=HOUR, dice=dice)
    return [pause.total_seconds() for pause in pauses[: countdown.RETRIES]]


@pytest.mark.parametrize(
    ("choice", "kwargs", "expected"),
    [
        ("fixed", {"seconds": 7}, [7] * 10),
        ("fixed", {"seconds": 0}, [0] * 10),
        ("linear", {"base": 5}, [0, 5, 10, 15, 20, 25, 30, 35, 40, 45]),
        ("linear", {"base": 5, "limit": 12}, [0, 5, 10, 12, 12, 12, 12, 12, 12, 12]),
        ("linear", {"base": 5, "limit": None}, [0, 5, 10, 15, 20, 25, 30, 35, 40, 45]),
        ("exponential", {"base": 2}, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]),
        ("exponential", {"base": 2, "limit": 60}, [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]),
        (
            "exponential",
            {"base": 2, "factor": 3, "limit": 100},
            [3, 6, 12, 24, 48, 96, 100, 100, 100, 100],
        ),
        ("exponential", {"base": 0}, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    ],
)
def test_a_pause_is_what_its_formula_says(choice, kwargs, expected):
    assert seconds(choice, **kwargs) == expected


def test_a_random_pause_is_a_whole_number_from_least_to_most():
    assert seconds("random", min_value=3, max_value=9) == [3] * 10
    assert seconds("random", dice=almost_most, min_value=3, max_value=9) == [9] * 10


def test_no_pause_is_longer_than_a_week():
    assert max(seconds("exponential", base=10**9)) == dt.timedelta(days=7).total_seconds()


def test_the_sweep_goes_on_for_eight_tries():
    formula = countdown.read({"choice": "fixed", "kwargs": {"seconds": 1}})

    pauses = countdown.delays(formula, sweep=HOUR, dice=least)

    assert len(pauses) == 18
    assert set(pauses[10:]) == {HOUR}


@pytest.mark.parametrize(
    "config",
    [
        None,
        "exponential",
        {},
        {"choice": "sometimes", "kwargs": {}},
        {"choice": "fixed"},
        {"choice": "fixed", "kwargs": 5},
        {"choice": "fixed", "kwargs": {"seconds": -1}},
        {"choice": "fixed", "kwargs": {"seconds": 1.5}},
        {"choice": "fixed", "kwargs": {"seconds": True}},
        {"choice": "fixed", "kwargs": {"seconds": 1, "base": 2}},
        {"choice": "linear", "kwargs": {"limit": 5}},
        {"choice": "exponential", "kwargs": {"base": 2, "factor": None}},
        {"choice": "random", "kwargs": {"min_value": 5, "max_value": 5}},
    ],
)
def test_a_formula_that_cannot_be_meant_is_refused(config):
    with pytest.raises(OptionsUnfit):
        countdown.read(config)
