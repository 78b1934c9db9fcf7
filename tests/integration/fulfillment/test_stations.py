from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from fulfillment import lifecycle, queries, services
from fulfillment.carriers import registry
from fulfillment.carriers.base import CarrierError
from fulfillment.choices import ParcelStatus, Station
from fulfillment.models import Document, Parcel, ParcelMilestone
from tests.factories import NOW
from tests.integration.fulfillment.boxes import box, report, station
from tests.integration.fulfillment.builders import Case, facts, milestone, pack, routed

pytestmark = pytest.mark.django_db

# How a parcel gets to each station, by reports that are in the table.
_SHIPPED = (Station.READY, Station.SHIPPED)
WAYS = {
    Station.LABEL_PENDING: (),
    Station.LABEL_FAILED: (Station.LABEL_FAILED,),
    Station.READY: (Station.READY,),
    Station.PICKUP_FAILED: (Station.READY, Station.PICKUP_FAILED),
    Station.SHIPPED: _SHIPPED,
    Station.IN_TRANSIT: (*_SHIPPED, Station.IN_TRANSIT),
    Station.OUT_FOR_DELIVERY: (*_SHIPPED, Station.OUT_FOR_DELIVERY),
    Station.DELIVERY_FAILED: (*_SHIPPED, Station.DELIVERY_FAILED),
    Station.RETURNING: (*_SHIPPED, Station.RETURNING),
    Station.DELIVERED: (*_SHIPPED, Station.DELIVERED),
    Station.RETURNED_TO_POINT: (*_SHIPPED, Station.RETURNING, Station.RETURNED_TO_POINT),
    Station.LOST: (*_SHIPPED, Station.LOST),
    Station.DAMAGED: (*_SHIPPED, Station.DAMAGED),
    Station.CANCELLED: (Station.CANCELLED,),
}


def brought(source: Station) -> tuple[Case, Parcel, int]:
    """A parcel at a station, and the minute of the last report."""
    case = routed(quantities=(2,))
    parcel = box(case)
    for minute, each in enumerate(WAYS[source], start=1):
        report(case, parcel, each, minutes=minute)
    return case, parcel, len(WAYS[source])


@pytest.mark.parametrize("source", WAYS)
def test_exactly_the_listed_transitions_are_allowed(source):
    for target in set(Station) - {source}:
        case, parcel, minute = brought(source)
        before = station(parcel)

        if target in lifecycle.STATION_TRANSITIONS[source]:
            told = report(case, parcel, target, minutes=minute + 1)
            assert (told.milestone.was_applied, told.station) == (True, target)
        else:
            with pytest.raises(lifecycle.StationRefused):
                report(case, parcel, target, minutes=minute + 1)

        moved = target in lifecycle.STATION_TRANSITIONS[source]
        assert (before, station(parcel)) == (source, target if moved else source)


def test_the_same_station_again_is_kept_without_effect():
    case, parcel, _ = brought(Station.IN_TRANSIT)
    events = facts(parcel)

    told = report(case, parcel, Station.IN_TRANSIT, minutes=9)

    assert (told.is_new, told.milestone.was_applied, told.station) == (
        True,
        False,
        Station.IN_TRANSIT,
    )
    assert facts(parcel) == events


def test_an_older_report_is_kept_without_effect():
    case, parcel, _ = brought(Station.IN_TRANSIT)

    told = report(case, parcel, Station.DELIVERED, minutes=1)

    assert told.milestone.was_applied is False
    assert station(parcel) == Station.IN_TRANSIT


def test_an_older_report_need_not_be_allowed():
    case, parcel, _ = brought(Station.DELIVERED)

    told = report(case, parcel, Station.PICKUP_FAILED, minutes=1)

    assert told.milestone.was_applied is False
    assert station(parcel) == Station.DELIVERED


def test_what_the_server_does_itself_is_no_report():
    case = routed()
    parcel = box(case)
    services.fetch_due_labels(now=NOW + timedelta(hours=1))

    told = report(case, parcel, Station.SHIPPED, minutes=-60)

    assert told.milestone.was_applied is True
    assert Parcel.objects.get(pk=parcel.pk).shipped_at == NOW - timedelta(hours=1)


def test_a_known_source_event_answers_the_first():
    case, parcel, _ = brought(Station.READY)
    first = report(case, parcel, Station.SHIPPED, minutes=2, source_event_id="ghn-881")

    again = report(case, parcel, Station.LOST, minutes=7, source_event_id="ghn-881")

    assert (again.is_new, again.milestone) == (False, first.milestone)
    assert station(parcel) == Station.SHIPPED


def test_repeats_without_an_id_are_all_kept():
    case, parcel, _ = brought(Station.READY)
    for _ in range(3):
        report(case, parcel, Station.SHIPPED, minutes=2, description="Collected")

    kept = ParcelMilestone.objects.filter(parcel=parcel, milestone=Station.SHIPPED)

    assert list(kept.order_by("pk").values_list("was_applied", flat=True)) == [True, False, False]


def test_what_has_not_happened_is_refused():
    case, parcel, _ = brought(Station.READY)
    said = services.StationReport(
        parcel_id=parcel.pk,
        station=Station.SHIPPED,
        occurred_at=NOW + timedelta(minutes=5, microseconds=1),
    )

    with pytest.raises(services.ReportedAhead):
        services.report_station(report=said, actor=case.actor, now=NOW)


def test_a_damaged_parcel_ends_like_a_lost_one():
    case, parcel, _ = brought(Station.DAMAGED)

    assert Parcel.objects.get(pk=parcel.pk).status == ParcelStatus.LOST
    assert case.status() == ("LOST", "LOST")
    assert case.stock() == [(8, 0)]


def test_milestones_of_points_still_come_in_any_order():
    case, parcel, _ = brought(Station.RETURNING)
    Parcel.objects.filter(pk=parcel.pk).update(point_parcel_no="PK-1")

    moved = milestone(case, ParcelStatus.OUT_FOR_DELIVERY, minutes=30)

    assert moved is True
    assert station(parcel) == Station.OUT_FOR_DELIVERY


def test_the_journey_is_told_newest_first():
    _, parcel, _ = brought(Station.RETURNING)

    told = [each.milestone for each in queries.milestones_of(parcel)]

    assert told == [Station.RETURNING, Station.SHIPPED, Station.READY]


def test_a_voided_parcels_units_can_be_packed_again():
    case, parcel, _ = brought(Station.CANCELLED)

    again = box(case)

    assert Parcel.objects.get(pk=parcel.pk).cancelled_at is not None
    assert again.pk != parcel.pk
    assert case.status() == ("PACKED", "PACKED")


def test_a_parcel_packed_whole_has_a_station_too():
    case = routed()
    [parcel] = pack(case)

    assert station(parcel) == Station.LABEL_PENDING


class Stubborn:
    """A carrier that sold a label and answers its return as it is told."""

    def __init__(self, error: CarrierError | None) -> None:
        self.error = error
        self.asked: list[str] = []

    def buy_label(self, request):
        return registry.get(registry.OWN).buy_label(request)

    def find_label(self, reference):
        return None

    def void_label(self, reference):
        self.asked.append(reference)
        if self.error:
            raise self.error


@pytest.mark.parametrize(
    ("error", "refusal"),
    [
        (CarrierError("Away", temporary=True), services.CarrierUnavailable),
        (CarrierError("Too late", temporary=False, code="E7"), services.CarrierRefused),
    ],
)
def test_a_carrier_that_keeps_the_label_keeps_the_parcel(error, refusal):
    carrier = Stubborn(error)
    with registry.connected("ghn", carrier):
        case = routed()
        parcel = box(case, carrier="ghn")
        services.fetch_due_labels(now=NOW)

        with pytest.raises(refusal):
            services.cancel_parcel(parcel_id=parcel.pk, reason="other", actor=case.actor, now=NOW)

    assert carrier.asked == [Document.objects.get().reference]
    assert station(parcel) == Station.READY


def test_the_carrier_is_asked_before_the_parcel_is_void():
    carrier = Stubborn(None)
    with registry.connected("ghn", carrier):
        case = routed()
        parcel = box(case, carrier="ghn")
        services.fetch_due_labels(now=NOW)

        services.cancel_parcel(parcel_id=parcel.pk, reason="other", actor=case.actor, now=NOW)

    assert len(carrier.asked) == 1
    assert station(parcel) == Station.CANCELLED
    assert case.status()[1] == "PICKED"


@pytest.mark.parametrize(
    ("status", "stage"),
    [("PACKED", "IN_TRANSIT"), ("PACKED", "DAMAGED"), ("PACKED", "FLYING"), ("LOST", "RETURNING")],
)
def test_the_database_refuses_a_stage_that_does_not_fit(status, stage):
    _, parcel, _ = brought(Station.LOST if status == "LOST" else Station.READY)

    with pytest.raises(IntegrityError, match="stage_fits_status"), transaction.atomic():
        Parcel.objects.filter(pk=parcel.pk).update(stage=stage)
