"""Units of an order wanted by several boxes at the same instant go into one of them."""

import pytest

from fulfillment import services
from fulfillment.choices import Station
from fulfillment.models import Parcel, ParcelItem, ParcelMilestone
from tests.integration.fulfillment.boxes import box, report, station
from tests.integration.fulfillment.builders import cancel, disagreements, routed
from tests.races.test_packing_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 6


@pytest.mark.parametrize("_", range(ROUNDS))
def test_no_unit_is_packed_twice(_):
    case = routed(quantities=(5,))

    told = at_once(*[lambda: box(case, {0: 2})] * 4)

    made = [each for each in told if isinstance(each, Parcel)]
    refused = [each for each in told if isinstance(each, services.UnitsExceeded)]
    assert (len(made), len(refused)) == (2, 2)
    assert sum(ParcelItem.objects.values_list("quantity", flat=True)) == 4
    assert list(disagreements()) == []


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_cancelled_order_and_a_new_box_agree(_):
    case = routed(quantities=(2,))

    at_once(lambda: box(case), lambda: cancel(case))

    assert {station(each) for each in Parcel.objects.all()} <= {Station.CANCELLED}
    assert case.status() == ("CANCELLED", "CANCELLED")
    assert list(disagreements()) == []


@pytest.mark.parametrize("_", range(ROUNDS))
def test_one_report_under_an_id_counts(_):
    case = routed()
    parcel = box(case, carrier="self")

    def say():
        return report(case, parcel, Station.SHIPPED, source_event_id="ghn-881")

    told = at_once(say, say, say)

    assert sorted(each.is_new for each in told) == [False, False, True]
    assert len({each.milestone.pk for each in told}) == 1
    assert ParcelMilestone.objects.count() == 1
    assert case.stock() == [(9, 0)]
