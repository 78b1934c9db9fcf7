from datetime import timedelta

import pytest

from fulfillment import services
from fulfillment.models import Parcel, ParcelMilestone
from oms.inventory.models import StockMovement
from tests.factories import NOW, channel_actor, count_units, make_channel
from tests.integration.fulfillment.builders import (
    SINGLE,
    cancel,
    facts,
    milestone,
    pack,
    packed,
    routed,
)

pytestmark = pytest.mark.django_db


def shipped_units(case):
    moves = StockMovement.objects.filter(kind="SHIP", level__point=case.point).order_by("id")
    return list(moves.values_list("on_hand_delta", "reserved_delta", "cause"))


def test_the_first_milestone_ships_the_parcel():
    case = routed(quantities=(2,))
    [parcel] = pack(case)

    changed = milestone(case, "SHIPPED", minutes=5)

    parcel.refresh_from_db()
    assert changed is True
    assert (parcel.status, parcel.shipped_at) == ("SHIPPED", NOW + timedelta(minutes=5))
    assert case.status() == ("SHIPPED", "SHIPPED")
    assert case.task.shipped_at == parcel.shipped_at
    assert case.stock() == [(8, 0)]
    assert shipped_units(case) == [(-2, -2, case.task.number)]
    assert case.task.lines.get().quantity_shipped == 2


def test_packed_has_no_time_so_an_earlier_milestone_wins_over_it():
    case = routed()
    pack(case)

    assert milestone(case, "SHIPPED", minutes=-60) is True

    assert case.status() == ("SHIPPED", "SHIPPED")


def test_an_identical_report_has_no_effect():
    case = routed()
    [parcel] = pack(case)
    milestone(case, "SHIPPED")
    events = facts(parcel)

    assert milestone(case, "SHIPPED") is False

    assert ParcelMilestone.objects.count() == 1
    assert facts(parcel) == events
    assert len(shipped_units(case)) == 1


def test_a_report_that_comes_late_is_kept_and_decides_nothing():
    case = routed()
    [parcel] = pack(case)
    milestone(case, "DELIVERED", minutes=60)

    assert milestone(case, "SHIPPED", minutes=5) is False

    assert case.status() == ("DELIVERED", "DELIVERED")
    assert ParcelMilestone.objects.count() == 2
    assert facts(parcel, "parcel.") == ["parcel.packed", "parcel.status_changed"]


@pytest.mark.parametrize("order", [("SHIPPED", "DELIVERED"), ("DELIVERED", "SHIPPED")])
def test_of_two_at_one_instant_the_more_advanced_counts(order):
    case = routed()
    pack(case)

    for status in order:
        milestone(case, status)

    assert case.status() == ("DELIVERED", "DELIVERED")


@pytest.mark.parametrize(
    ("station", "expected"),
    [
        ("OUT_FOR_DELIVERY", ("OUT_FOR_DELIVERY", "SHIPPED")),
        ("DELIVERED", ("DELIVERED", "DELIVERED")),
        ("RETURNED_TO_POINT", ("RETURNED_TO_POINT", "RETURNED_TO_POINT")),
        ("LOST", ("LOST", "LOST")),
    ],
)
def test_task_and_order_follow_the_parcel(station, expected):
    case = routed()
    pack(case)
    milestone(case, "SHIPPED")

    milestone(case, station, minutes=1)

    assert case.status() == expected
    assert len(shipped_units(case)) == 1


def test_a_later_report_may_lead_back():
    case = routed()
    pack(case)
    milestone(case, "DELIVERED")

    assert milestone(case, "OUT_FOR_DELIVERY", minutes=1) is True

    assert case.status() == ("OUT_FOR_DELIVERY", "SHIPPED")
    assert facts(case.task)[-1] == "task.reopened"


def test_a_task_is_as_far_as_its_least_advanced_parcel():
    case = routed(quantities=(1, 1), allow_split=True)
    first, second = case.lines
    pack(case, packed("PK-1", [first]), packed("PK-2", [second]))

    milestone(case, "DELIVERED")
    between = case.status()
    milestone(case, "DELIVERED", point_parcel_no="PK-2", minutes=1)

    assert between == ("PACKED", "PACKED")
    assert case.status() == ("DELIVERED", "DELIVERED")
    assert case.stock() == [(9, 0), (9, 0)]


def test_text_alone_is_kept():
    case = routed()
    pack(case)

    assert milestone(case, None, description="left at the gate") is False

    assert ParcelMilestone.objects.get().description == "left at the gate"
    assert case.status() == ("PACKED", "PACKED")


def test_the_channels_number_is_stored_once():
    case = routed()
    [parcel] = pack(case)

    milestone(case, "SHIPPED", parcel_id=parcel.pk, channel_parcel_no="USP-1")
    with pytest.raises(services.ChannelParcelMismatch):
        milestone(case, "DELIVERED", parcel_id=parcel.pk, channel_parcel_no="USP-2", minutes=1)

    parcel.refresh_from_db()
    assert (parcel.channel_parcel_no, parcel.status) == ("USP-1", "SHIPPED")
    assert ParcelMilestone.objects.count() == 1


def test_a_planned_parcel_seen_travelling_was_packed():
    case = routed(delivery=SINGLE)
    planned = Parcel.objects.get()

    milestone(case, "SHIPPED", parcel_id=planned.pk, minutes=3)

    planned.refresh_from_db()
    assert planned.packed_at == NOW + timedelta(minutes=3)
    assert case.status() == ("SHIPPED", "SHIPPED")
    assert case.stock() == [(9, 0)]


def test_a_voided_parcel_does_not_travel():
    case = routed()
    pack(case)
    cancel(case)

    with pytest.raises(services.ParcelVoided):
        milestone(case, "SHIPPED")

    assert ParcelMilestone.objects.exists() is False


@pytest.mark.parametrize("status", ["PLANNED", "PACKED", "LABELLED", "MANIFESTED", "CANCELLED"])
def test_only_stations_of_the_journey_can_be_reported(status):
    case = routed()
    pack(case)

    with pytest.raises(services.MilestoneUnknown):
        milestone(case, status)


def test_another_channels_parcel_is_not_found():
    case = routed()
    [parcel] = pack(case)
    case.actor = channel_actor(make_channel(organization=case.channel.organization))

    with pytest.raises(services.ParcelNotFound):
        milestone(case, "SHIPPED", parcel_id=parcel.pk)


def test_a_count_below_what_is_owed_does_not_stop_a_shipment():
    case = routed(quantities=(2,), on_hand=2)
    pack(case)
    count_units(point=case.point, sku=case.skus[0], on_hand=1)

    milestone(case, "SHIPPED")

    assert case.stock() == [(0, 0)]
