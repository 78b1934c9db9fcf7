import logging

import pytest

from fulfillment import services
from fulfillment.choices import Station
from fulfillment.models import Manifest
from oms.events.models import Event
from tests.factories import NOW
from tests.integration.fulfillment.boxes import box, station
from tests.integration.fulfillment.builders import SINGLE, cancel, facts, pack, routed
from tests.integration.fulfillment.dock.builders import (
    FLEET,
    hand_over,
    hold,
    ids,
    manifest,
    parcel_of,
    ready,
    reasons,
    waiting,
)

pytestmark = pytest.mark.django_db


def test_the_boxes_of_its_tasks_are_on_it():
    cases = ready(2)

    made = manifest(cases)

    parcels = [parcel_of(case) for case in cases]
    assert [parcel.status for parcel in parcels] == ["MANIFESTED"] * 2
    assert sorted(made.entries.values_list("parcel_id", flat=True)) == [p.pk for p in parcels]
    assert made.number.startswith("MF")
    assert (made.carrier, made.point, made.created_at) == (FLEET, cases[0].point, NOW)
    assert [case.status() for case in cases] == [("PACKED", "PACKED")] * 2
    assert facts(parcels[0])[-1] == "parcel.manifested"
    event = Event.objects.get(type="manifest.created")
    assert event.data["manifest"] == made.number
    assert (event.data["carrier"], event.data["parcels"]) == (FLEET, 2)


def test_a_box_on_a_manifest_is_ready_to_ship_as_before():
    [case] = ready(1)

    manifest([case])

    assert station(parcel_of(case)) == Station.READY


def test_the_same_tasks_again_are_the_same_manifest_also_after_hand_over():
    cases = ready(2)
    first = manifest(cases)

    again = manifest(list(reversed(cases)), carrier="Another")
    hand_over(cases)
    later = manifest(cases)

    assert {again.pk, later.pk} == {first.pk}
    assert Event.objects.filter(type="manifest.created").count() == 1


def test_a_box_is_on_one_manifest_only():
    first, second = ready(2)
    manifest([first])

    with pytest.raises(services.TasksUnfit) as refusal:
        manifest([first, second])

    assert reasons(refusal.value) == {first.task.number: "on_manifest"}
    assert parcel_of(second).status == "PACKED"
    assert Manifest.objects.count() == 1


def test_every_task_that_does_not_allow_it_is_named():
    fine, held, gone, left = ready(4)
    [unpacked] = waiting(1, point=fine.point)
    hold(held)
    cancel(gone)
    hand_over([left])
    cases = [fine, held, gone, left, unpacked]

    with pytest.raises(services.TasksUnfit) as refusal:
        manifest(cases, task_ids=[*ids(cases), 0])

    assert reasons(refusal.value) == {
        held.task.number: "on_hold",
        gone.task.number: "cancelled",
        left.task.number: "left",
        unpacked.task.number: "not_packed",
        "0": "not_found",
    }
    assert parcel_of(fine).status == "PACKED"


def test_a_planned_parcel_is_no_box_yet():
    case = routed(delivery=SINGLE)

    with pytest.raises(services.TasksUnfit) as refusal:
        manifest([case])

    assert reasons(refusal.value) == {case.task.number: "not_packed"}


def test_boxes_packed_later_go_on_another_manifest():
    [case] = waiting(1, quantities=(3,))
    box(case, {0: 1})
    first = manifest([case])
    box(case, {0: 2})

    second = manifest([case])

    assert first.pk != second.pk
    assert [m.entries.count() for m in (first, second)] == [1, 1]


def test_another_carrier_than_the_labels_is_logged_and_no_reason_to_refuse(caplog):
    [case] = ready(1)

    with caplog.at_level(logging.WARNING, logger="fulfillment.services.dock.manifests"):
        made = manifest([case], carrier="SWIFT")

    assert made.carrier == "SWIFT"
    [record] = caplog.records
    assert record.getMessage() == (
        f"{made.number} is collected by SWIFT; parcel {parcel_of(case).number} is labelled for self"
    )


def test_the_case_of_the_carriers_letters_says_nothing(caplog):
    [case] = ready(1)

    with caplog.at_level(logging.WARNING, logger="fulfillment.services.dock.manifests"):
        manifest([case], carrier="Self")

    assert caplog.records == []


def test_nobody_named_is_refused():
    with pytest.raises(services.CarrierMissing):
        manifest(ready(1), carrier=" ")


def test_a_label_that_comes_later_changes_nothing_of_the_manifest():
    case = routed()
    pack(case)
    manifest([case])

    services.fetch_due_labels(now=NOW)

    parcel = parcel_of(case)
    assert parcel.status == "MANIFESTED"
    assert parcel.tracking_number != ""


def test_a_box_can_still_be_voided():
    [case] = ready(1)
    made = manifest([case])

    cancel(case)

    assert case.status() == ("CANCELLED", "CANCELLED")
    assert made.entries.get().parcel.status == "CANCELLED"
