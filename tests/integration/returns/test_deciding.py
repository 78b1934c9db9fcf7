import pytest

from returns import services
from returns.choices import RefundDecision
from returns.lifecycle import ReturnTransitionRefused, UnitTransitionRefused
from returns.services import ReturnEdit
from tests.integration.returns.builders import (
    LATER,
    expect,
    inspect,
    receive,
    result,
    shipped,
    told,
    units,
)

APPROVED, REJECTED = RefundDecision.APPROVED, RefundDecision.REJECTED


def edit(row, version=None, **values):
    return services.edit_return(
        public_id=row.public_id,
        edit=ReturnEdit(**values),
        actor=_actor(row),
        now=LATER,
        expected_version=version,
    )


def decide(row, decision):
    return services.decide_refund(
        public_id=row.public_id, decision=decision, actor=_actor(row), now=LATER
    )


def call_off(row, *chosen):
    return services.cancel_return(
        public_id=row.public_id,
        unit_ids=[unit.public_id for unit in chosen],
        actor=_actor(row),
        now=LATER,
    )


def _actor(row):
    from tests.factories import point_actor

    return point_actor(row.point)


def test_a_refund_is_decided_whenever_and_closes_what_is_inspected():
    row = expect(shipped())
    receive(row)
    inspect(row, result(units(row)[0]))

    decide(row, APPROVED)

    row.refresh_from_db()
    assert (row.status, row.refund_decision) == ("CLOSED", "APPROVED")
    assert (row.refund_decided_at, row.closed_at) == (LATER, LATER)
    assert told(row)[-2:] == [("return.refund_decided", "INSPECTED"), ("return.closed", "CLOSED")]


def test_an_early_refund_closes_nothing_but_the_inspection_does():
    row = expect(shipped())

    decide(row, REJECTED)

    row.refresh_from_db()
    assert (row.status, row.refund_decision) == ("EXPECTED", "REJECTED")

    receive(row)
    inspect(row, result(units(row)[0]))

    row.refresh_from_db()
    assert row.status == "CLOSED"
    assert told(row)[-2:] == [("return.inspected", "INSPECTED"), ("return.closed", "CLOSED")]


def test_nothing_that_comes_back_decides_a_refund():
    row = expect(shipped())
    receive(row)
    inspect(row, result(units(row)[0]))

    row.refresh_from_db()

    assert (row.refund_decision, row.closed_at) == ("PENDING", None)


def test_a_refund_is_decided_once():
    row = expect(shipped())
    decide(row, APPROVED)

    again = decide(row, APPROVED)

    assert again.version == 2
    with pytest.raises(services.RefundAlreadyDecided):
        decide(row, REJECTED)
    with pytest.raises(services.RefundAlreadyDecided):
        edit(row, refund_decision=RefundDecision.PENDING)


def test_a_cancelled_return_has_no_refund():
    row = expect(shipped())
    call_off(row)

    with pytest.raises(services.RefundAlreadyDecided):
        decide(row, APPROVED)


def test_edits_what_is_new_and_says_what():
    row = expect(shipped(), carrier_code="ghn", note="old")

    edit(row, carrier_code="ghn", tracking_number="T-1", note="")

    row.refresh_from_db()
    assert (row.carrier_code, row.tracking_number, row.note) == ("ghn", "T-1", "")
    assert told(row)[1:] == [("return.edited", "EXPECTED")]
    assert row.version == 2


def test_edits_nothing_when_nothing_is_new():
    row = expect(shipped(), note="same")

    edit(row, note="same")

    row.refresh_from_db()
    assert (row.version, len(told(row))) == (1, 1)


def test_the_journey_ends_with_the_last_arrival_but_the_note_does_not():
    case = shipped(quantities=(2,))
    row = expect(case, 2)
    first, second = units(row)
    receive(row, first)
    edit(row, tracking_number="T-2")
    receive(row, second)

    with pytest.raises(services.ReturnArrived):
        edit(row, tracking_number="T-3", note="late")

    edit(row, note="late")
    row.refresh_from_db()
    assert (row.tracking_number, row.note) == ("T-2", "late")


def test_refuses_another_version():
    row = expect(shipped())
    edit(row, version=1, note="first")

    with pytest.raises(services.ReturnChanged) as refusal:
        edit(row, version=1, note="second")

    assert refusal.value.details == {"version": 2}


def test_every_change_of_a_unit_raises_the_version():
    row = expect(shipped())

    receive(row)
    row.refresh_from_db()
    after_receipt = row.version
    inspect(row, result(units(row)[0]))

    row.refresh_from_db()
    assert (after_receipt, row.version) == (2, 3)


def test_is_called_off_before_anything_arrived():
    row = expect(shipped())

    call_off(row)

    row.refresh_from_db()
    assert (row.status, row.cancelled_at) == ("CANCELLED", LATER)
    assert told(row)[-1] == ("return.cancelled", "CANCELLED")
    with pytest.raises(ReturnTransitionRefused) as refusal:
        call_off(row)
    assert refusal.value.details == {"current": "CANCELLED", "allowed": []}


def test_is_not_called_off_after_something_arrived():
    case = shipped(quantities=(2,))
    row = expect(case, 2)
    first, _ = units(row)
    receive(row, first)

    with pytest.raises(ReturnTransitionRefused):
        call_off(row)
    with pytest.raises(UnitTransitionRefused):
        call_off(row, first)


def test_units_that_never_came_are_called_off_alone():
    case = shipped(quantities=(2,))
    row = expect(case, 2)
    first, missing = units(row)
    receive(row, first)
    inspect(row, result(first))

    call_off(row, missing)

    row.refresh_from_db()
    assert row.status == "INSPECTED"
    assert [unit.status for unit in units(row)] == ["INSPECTED", "CANCELLED"]
    assert told(row)[-1] == ("return.edited", "INSPECTED")
    assert expect(case, 1).status == "EXPECTED"


def test_calling_off_every_unit_is_calling_off_the_return():
    row = expect(shipped())

    call_off(row, *units(row))

    row.refresh_from_db()
    assert (row.status, told(row)[-1]) == ("CANCELLED", ("return.cancelled", "CANCELLED"))
