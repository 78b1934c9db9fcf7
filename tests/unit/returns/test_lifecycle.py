from itertools import product

import pytest

from returns import lifecycle
from returns.choices import RefundDecision, ReturnStatus, UnitStatus


def test_every_state_has_its_row():
    assert set(lifecycle.TRANSITIONS) == set(ReturnStatus)
    assert set(lifecycle.UNIT_TRANSITIONS) == set(UnitStatus)
    assert {state for state, after in lifecycle.TRANSITIONS.items() if not after} == lifecycle.ENDED


@pytest.mark.parametrize(("source", "target"), list(product(ReturnStatus, ReturnStatus)))
def test_only_listed_moves_are_allowed(source, target):
    if target in lifecycle.TRANSITIONS[source]:
        lifecycle.check(source=source, target=target)
        return
    with pytest.raises(lifecycle.ReturnTransitionRefused) as refusal:
        lifecycle.check(source=source, target=target)
    assert refusal.value.details["current"] == source


@pytest.mark.parametrize(("source", "target"), list(product(UnitStatus, UnitStatus)))
def test_only_listed_moves_of_units_are_allowed(source, target):
    if target in lifecycle.UNIT_TRANSITIONS[source]:
        lifecycle.check_unit(source=source, target=target)
        return
    with pytest.raises(lifecycle.UnitTransitionRefused):
        lifecycle.check_unit(source=source, target=target)


@pytest.mark.parametrize(
    ("units", "refund", "status"),
    [
        (("EXPECTED",), "PENDING", "EXPECTED"),
        (("EXPECTED",), "APPROVED", "EXPECTED"),
        (("EXPECTED", "CANCELLED"), "PENDING", "EXPECTED"),
        (("EXPECTED", "RECEIVED"), "PENDING", "RECEIVED"),
        (("EXPECTED", "INSPECTED"), "APPROVED", "RECEIVED"),
        (("RECEIVED", "INSPECTED"), "APPROVED", "RECEIVED"),
        (("INSPECTED", "INSPECTED"), "PENDING", "INSPECTED"),
        (("INSPECTED", "CANCELLED"), "REJECTED", "CLOSED"),
        (("INSPECTED",), "APPROVED", "CLOSED"),
        (("CANCELLED",), "PENDING", "CANCELLED"),
        (("CANCELLED", "CANCELLED"), "APPROVED", "CANCELLED"),
    ],
)
def test_the_state_follows_from_units_and_refund(units, refund, status):
    assert lifecycle.return_status(units, refund=RefundDecision(refund)) == status


@pytest.mark.parametrize("units", list(product(UnitStatus, repeat=3)))
def test_every_move_of_one_unit_is_a_move_of_the_return_or_none(units):
    before = lifecycle.inspection_status(units)
    for place, unit in enumerate(units):
        for target in lifecycle.UNIT_TRANSITIONS[unit]:
            after = lifecycle.inspection_status((*units[:place], target, *units[place + 1 :]))
            assert after == before or after in _reach(before)


def _reach(state):
    """What a change of units may lead to, over closed doors or not."""
    return lifecycle.TRANSITIONS[state] - {ReturnStatus.CLOSED}
