import datetime as dt

import pytest

from oms.orders.models import OrderLine
from returns import services
from returns.lifecycle import ReturnTransitionRefused, UnitTransitionRefused
from returns.queries import ReturnNotFound
from tests.factories import make_point, point_actor
from tests.integration.returns.builders import LATER, expect, receive, shipped, told, units


def test_everything_at_once_returns_the_order():
    case = shipped(quantities=(2, 1))
    row = expect(case, 2, 1)

    receive(row)

    row.refresh_from_db()
    assert (row.status, row.received_at) == ("RECEIVED", LATER)
    assert {(unit.status, unit.point_id) for unit in units(row)} == {("RECEIVED", case.point.pk)}
    lines = OrderLine.objects.filter(order=case.order).order_by("position")
    assert list(lines.values_list("quantity_returned", flat=True)) == [2, 1]
    assert case.status()[0] == "RETURNED"
    assert told(row) == [("return.expected", "EXPECTED"), ("return.received", "RECEIVED")]


def test_the_order_is_returned_also_when_nobody_reported_its_delivery():
    case = shipped(delivered=False)
    row = expect(case)

    receive(row)

    assert case.status()[0] == "RETURNED"


def test_units_come_one_after_another():
    case = shipped(quantities=(2,))
    row = expect(case, 2)
    first, second = units(row)

    receive(row, first)

    assert [unit.status for unit in units(row)] == ["RECEIVED", "EXPECTED"]
    assert case.status()[0] == "DELIVERED"

    receive(row, second)

    assert case.status()[0] == "RETURNED"
    assert [kind for kind, _ in told(row)] == [
        "return.expected",
        "return.received",
        "return.received",
    ]


def test_saying_it_again_changes_nothing():
    case = shipped(quantities=(2,))
    row = expect(case, 2)
    first, _ = units(row)
    receive(row, first)
    row.refresh_from_db()

    again = receive(row, first)

    assert again.version == row.version
    assert OrderLine.objects.get(order=case.order).quantity_returned == 1
    assert len(told(row)) == 2


def test_the_tracking_number_names_all_units():
    case = shipped(quantities=(2,))
    row = expect(case, 2, tracking_number="RV300")

    receive(row, tracking_number="RV300")

    assert {unit.status for unit in units(row)} == {"RECEIVED"}


def test_refuses_the_tracking_number_of_another_parcel():
    row = expect(shipped(), tracking_number="RV300")

    with pytest.raises(services.TrackingNumberDiffers):
        receive(row, tracking_number="RV301")

    assert {unit.status for unit in units(row)} == {"EXPECTED"}


def test_keeps_the_tracking_number_of_named_units():
    row = expect(shipped(), tracking_number="RV300")

    receive(row, *units(row), tracking_number="RV301")

    row.refresh_from_db()
    assert row.tracking_number == "RV301"


def test_arrives_where_it_was_taken_in():
    case = shipped()
    row = expect(case)
    desk = make_point(organization=case.point.organization)
    at = LATER - dt.timedelta(hours=2)

    receive(row, point_id=desk.pk, received_at=at)

    row.refresh_from_db()
    [unit] = units(row)
    assert (row.point, row.received_at) == (desk, at)
    assert (unit.point, unit.received_at) == (desk, at)


def test_refuses_units_of_another_return():
    case = shipped(quantities=(2,))
    row, other = expect(case, 1), expect(case, 1)
    [foreign] = units(other)

    with pytest.raises(services.UnitNotFound) as refusal:
        receive(row, foreign)

    assert refusal.value.details == {"units": [str(foreign.public_id)]}


def test_refuses_what_was_cancelled():
    case = shipped(quantities=(2,))
    row, half = expect(case, 1), expect(case, 1)
    services.cancel_return(public_id=row.public_id, actor=case.actor, now=LATER)

    with pytest.raises(ReturnTransitionRefused):
        receive(row)
    with pytest.raises(UnitTransitionRefused):
        receive(row, *units(row))

    assert half.status == "EXPECTED"


def test_another_point_does_not_find_it():
    case = shipped()
    row = expect(case)
    desk = make_point(organization=case.point.organization)

    with pytest.raises(ReturnNotFound):
        receive(row, actor=point_actor(desk))


def test_a_bound_point_takes_in_at_itself_only():
    case = shipped()
    row = expect(case)
    desk = make_point(organization=case.point.organization)

    with pytest.raises(services.ReturnPointUnknown):
        receive(row, actor=point_actor(case.point), point_id=desk.pk)
