"""Two who announce, take in or judge the same units at the same instant: each unit once."""

import pytest

from oms.backoffice.invariants import INVARIANTS, verify
from oms.orders.models import OrderLine
from returns import services
from returns.choices import RefundDecision
from returns.models import ReturnOrder, ReturnUnit
from tests.integration.returns.builders import (
    LATER,
    draft_of,
    expect,
    inspect,
    level,
    movements,
    receive,
    result,
    shipped,
    told,
    units,
)
from tests.races.test_packing_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 8


@pytest.fixture(autouse=True)
def _invariants_hold(transactional_db):
    yield
    assert [each.invariant.code for each in map(verify, INVARIANTS) if not each.holds] == []


def kinds(answers):
    return sorted(type(answer).__name__ for answer in answers)


def test_the_last_unit_is_expected_once():
    for _ in range(ROUNDS):
        case = shipped()

        answers = at_once(*[lambda c=case: expect(c)] * 4)

        assert kinds(answers) == ["MoreThanShipped"] * 3 + ["ReturnOrder"]
    assert ReturnUnit.objects.count() == ROUNDS


def test_one_number_goes_to_one_of_two_returns():
    for number in range(ROUNDS):
        first = shipped()
        second_draft = draft_of(
            first,
            order_id=None,
            channel_id=first.channel.pk,
            order_external_id=f"UNKNOWN-{number}",
            point_id=first.point.pk,
            external_id="RMA",
        )

        answers = at_once(
            lambda c=first: expect(c, external_id="RMA"),
            lambda d=second_draft, a=first.actor: services.expect_return(
                draft=d, actor=a, now=LATER
            ),
        )

        assert kinds(answers) == ["ReturnAlreadyExpected", "ReturnOrder"]


def test_a_parcel_taken_in_by_four_counts_once():
    case = shipped(quantities=(3,))
    row = expect(case, 3)

    at_once(*[lambda: receive(row)] * 4)

    assert OrderLine.objects.get(order=case.order).quantity_returned == 3
    assert len(told(row)) == 2


def test_a_unit_judged_by_four_is_restocked_once():
    case = shipped()
    row = expect(case)
    receive(row)
    judged = result(*units(row))

    answers = at_once(*[lambda: inspect(row, judged)] * 4)

    assert kinds(answers) == ["ReturnOrder"] * 4
    assert (level(case), movements(row)) == ((10, 0), [(1, 0)])


def test_of_two_judgements_one_stands():
    for _ in range(ROUNDS):
        case = shipped()
        row = expect(case)
        receive(row)
        [unit] = units(row)

        answers = at_once(
            lambda r=row, u=unit: inspect(r, result(u)),
            lambda r=row, u=unit: inspect(r, result(u, "DISCARD")),
        )

        assert kinds(answers) == ["ReturnOrder", "UnitAlreadyInspected"]
        [unit] = units(row)
        restocked = unit.disposition == "RESTOCK"
        assert level(case) == (10 if restocked else 9, 0)


def test_of_taking_in_and_calling_off_one_wins():
    for _ in range(ROUNDS):
        case = shipped()
        row = expect(case)

        at_once(
            lambda r=row: receive(r),
            lambda r=row, a=case.actor: services.cancel_return(
                public_id=r.public_id, actor=a, now=LATER
            ),
        )

        row.refresh_from_db()
        returned = OrderLine.objects.get(order=case.order).quantity_returned
        assert (row.status, returned) in {("RECEIVED", 1), ("CANCELLED", 0)}


def test_of_two_refund_decisions_one_stands():
    case = shipped()
    row = expect(case)

    answers = at_once(
        *[
            lambda d=decision: services.decide_refund(
                public_id=row.public_id, decision=d, actor=case.actor, now=LATER
            )
            for decision in (RefundDecision.APPROVED, RefundDecision.REJECTED)
        ]
    )

    assert kinds(answers) == ["RefundAlreadyDecided", "ReturnOrder"]
    assert ReturnOrder.objects.get().refund_decision != "PENDING"
