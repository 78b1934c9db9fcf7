import pytest

from fulfillment import services as fulfillment
from oms.inventory.models import StockLevel
from returns import services
from returns.choices import Disposition, QcStatus
from returns.lifecycle import UnitTransitionRefused
from tests.factories import NOW, make_point, place, relay_everything
from tests.integration.returns.builders import (
    LATER,
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


def arrived(*quantities, **overrides):
    case = shipped(quantities=quantities or (1,), **overrides)
    row = expect(case, *(quantities or (1,)))
    receive(row)
    return case, row, units(row)


def test_puts_each_unit_where_it_goes():
    case, row, (good, aside, broken) = arrived(3)

    inspect(
        row,
        result(good),
        result(aside, Disposition.QUARANTINE, qc_status=QcStatus.FAIL, qc_reason="stain"),
        result(broken, Disposition.DISCARD, qc_status=QcStatus.FAIL, image_urls=("https://i/1",)),
    )

    assert level(case) == (8, 1)  # ten were counted, three left
    assert movements(row) == [(1, 0), (0, 1)]
    assert [(unit.qc_status, unit.qc_reason, unit.image_urls) for unit in units(row)] == [
        ("PASS", "", []),
        ("FAIL", "stain", []),
        ("FAIL", "", ["https://i/1"]),
    ]
    row.refresh_from_db()
    assert (row.status, row.inspected_at, row.refund_decision) == ("INSPECTED", LATER, "PENDING")


def test_a_unit_is_restocked_once_whatever_is_repeated():
    case, row, (unit,) = arrived()
    inspect(row, result(unit))

    inspect(row, result(unit))
    receive(row)
    inspect(row, result(unit, qc_reason="said otherwise"))

    assert level(case) == (10, 0)
    assert movements(row) == [(1, 0)]
    assert [kind for kind, _ in told(row)][2:] == ["return.inspected"]


def test_a_result_is_final():
    case, row, (unit,) = arrived()
    inspect(row, result(unit, Disposition.DISCARD))

    with pytest.raises(services.UnitAlreadyInspected) as refusal:
        inspect(row, result(unit))

    assert refusal.value.details == {"units": [1]}
    assert (level(case), movements(row)) == ((9, 0), [])


def test_a_result_without_a_disposition_is_completed_later():
    case, row, (unit,) = arrived()
    inspect(row, result(unit, None))
    assert (level(case), movements(row)) == ((9, 0), [])

    inspect(row, result(unit))

    assert (level(case), movements(row)) == ((10, 0), [(1, 0)])


def test_wakes_orders_that_wait_for_the_units():
    case, row, (unit,) = arrived(on_hand=1)
    waiting = place(channel=case.channel, lines=[(case.skus[0], 1)])
    fulfillment.allocate_due(now=NOW)
    relay_everything()
    waiting.refresh_from_db()
    assert waiting.status == "UNALLOCATED"

    inspect(row, result(unit))

    relay_everything()
    fulfillment.allocate_due(now=LATER)
    waiting.refresh_from_db()
    assert waiting.status == "ALLOCATED"
    assert level(case) == (1, 0)


def test_adds_to_where_it_arrived_also_when_the_point_never_had_it():
    case = shipped()
    row = expect(case)
    desk = make_point(organization=case.point.organization)
    receive(row, point_id=desk.pk)

    inspect(row, *map(result, units(row)))

    assert StockLevel.objects.get(point=desk, sku=case.skus[0]).on_hand == 1
    assert level(case) == (9, 0)


def test_is_inspected_when_every_unit_has_a_result():
    _, row, (first, second) = arrived(2)

    inspect(row, result(first))

    row.refresh_from_db()
    assert (row.status, row.inspected_at) == ("RECEIVED", None)

    inspect(row, result(second))

    row.refresh_from_db()
    assert row.status == "INSPECTED"
    assert told(row)[2:] == [("return.inspected", "RECEIVED"), ("return.inspected", "INSPECTED")]


def test_refuses_a_unit_that_has_not_arrived():
    case = shipped(quantities=(2,))
    row = expect(case, 2)
    first, second = units(row)
    receive(row, first)

    with pytest.raises(UnitTransitionRefused):
        inspect(row, result(first), result(second))

    assert [unit.status for unit in units(row)] == ["RECEIVED", "EXPECTED"]
    assert level(case) == (8, 0)


def test_refuses_a_unit_twice_and_one_that_is_not_there():
    _, row, (unit,) = arrived()
    _, _, (foreign,) = arrived()

    with pytest.raises(services.UnitInspectedTwice):
        inspect(row, result(unit), result(unit))
    with pytest.raises(services.UnitNotFound):
        inspect(row, result(foreign))
