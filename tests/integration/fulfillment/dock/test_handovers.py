import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from fulfillment import queries, services
from fulfillment.choices import Station
from fulfillment.models import Handover, HandoverParcel, Manifest, Parcel
from oms.events.models import Event
from oms.kernel import sealed
from oms.kernel.identifiers import uuid7
from tests.factories import NOW, make_point, point_actor
from tests.integration.fulfillment.boxes import box, report
from tests.integration.fulfillment.builders import cancel, pack, routed
from tests.integration.fulfillment.dock.builders import (
    FLEET,
    hand_over,
    hold,
    manifest,
    parcel_of,
    ready,
    reasons,
    waiting,
)

pytestmark = pytest.mark.django_db

PAPER = b"%PDF-1.7 signed by the driver"


def taken(handover: Handover) -> list[tuple[int, bool]]:
    return list(handover.entries.order_by("parcel_id").values_list("parcel_id", "is_taken"))


def test_the_boxes_have_left_and_their_units_are_no_stock_any_more():
    cases = ready(2)
    made = manifest(cases)

    handover = hand_over(
        cases, vehicle_number="KA01X1", remarks="gate 2", lr_number="LR-7", eway_bill="EWB 4711"
    )

    parcels = [parcel_of(case) for case in cases]
    assert [case.status() for case in cases] == [("SHIPPED", "SHIPPED")] * 2
    assert [parcel.shipped_at for parcel in parcels] == [NOW] * 2
    assert [case.stock() for case in cases] == [[(9, 0)]] * 2
    assert taken(handover) == [(parcel.pk, True) for parcel in parcels]
    assert handover.number.startswith("HO")
    row = Handover.objects.get()
    assert (row.vehicle_number, row.remarks, row.lr_number) == ("KA01X1", "gate 2", "LR-7")
    assert sealed.read(row, "eway_bill") == "EWB 4711"
    assert b"4711" not in bytes(row.eway_bill)
    assert list(Manifest.objects.all()) == [made]
    event = Event.objects.get(type="handover.completed")
    assert event.data["handover"] == handover.number
    assert (event.data["carrier"], event.data["parcels"]) == (FLEET, 2)


def test_boxes_on_no_manifest_are_put_on_one_silently():
    listed, loose = ready(2)
    first = manifest([listed])

    hand_over([listed, loose])

    second = Manifest.objects.exclude(pk=first.pk).get()
    assert second.entries.get().parcel == parcel_of(loose)
    assert second.carrier == FLEET


def test_the_same_again_is_the_first_hand_over_and_nothing_happens():
    cases = ready(2)
    first = hand_over(cases)
    events = Event.objects.count()

    again = hand_over(cases, remarks="once more")
    part = hand_over(cases[:1])

    assert {again.pk, part.pk} == {first.pk}
    assert Event.objects.count() == events


def test_of_a_mixture_the_packed_ones_leave_and_the_paper_covers_all():
    left, packed = ready(2)
    first = hand_over([left])

    second = hand_over([left, packed])

    assert second.pk != first.pk
    assert taken(second) == [(parcel_of(left).pk, False), (parcel_of(packed).pk, True)]
    assert packed.status() == ("SHIPPED", "SHIPPED")
    event = Event.objects.filter(type="handover.completed").last()
    assert event.data["parcels"] == 1
    assert hand_over([left]).pk == first.pk
    assert hand_over([left, packed]).pk == second.pk


def test_boxes_that_left_another_way_are_named_without_being_taken():
    [case] = ready(1)
    report(case, parcel_of(case), Station.SHIPPED)

    handover = hand_over([case])

    assert taken(handover) == [(parcel_of(case).pk, False)]
    assert Manifest.objects.exists() is False


def test_every_task_that_does_not_allow_it_is_named_and_nothing_leaves():
    fine, held, gone = ready(3)
    [unpacked] = waiting(1, point=fine.point)
    hold(held)
    cancel(gone)

    with pytest.raises(services.TasksUnfit) as refusal:
        hand_over([fine, held, gone, unpacked])

    assert reasons(refusal.value) == {
        held.task.number: "on_hold",
        gone.task.number: "cancelled",
        unpacked.task.number: "not_packed",
    }
    assert fine.status() == ("PACKED", "PACKED")
    assert Handover.objects.exists() is False


def test_a_held_order_that_has_left_is_no_reason_to_refuse():
    [case] = ready(1)
    first = hand_over([case])
    hold(case)

    assert hand_over([case]).pk == first.pk


def test_a_label_that_is_not_there_is_not_needed_any_more():
    case = routed()
    pack(case)

    hand_over([case])

    assert case.status() == ("SHIPPED", "SHIPPED")
    assert parcel_of(case).documents.get().status == "VOID"


def test_it_does_not_depend_on_the_order_in_which_tasks_are_named():
    first, second = ready(2)

    handover = hand_over([second, first])

    assert hand_over([first, second]).pk == handover.pk


def test_a_label_that_failed_holds_no_box_back():
    case = routed()
    pack(case)
    report(case, parcel_of(case), Station.LABEL_FAILED)

    hand_over([case])

    assert case.status() == ("SHIPPED", "SHIPPED")
    assert parcel_of(case).documents.get().status == "VOID"


def test_a_label_that_is_there_stays():
    case = routed()
    pack(case)
    services.fetch_due_labels(now=NOW)

    hand_over([case])

    assert parcel_of(case).documents.get().status == "READY"


def test_what_a_reporter_said_by_a_faster_clock_does_not_hold_the_box_back():
    case = routed()
    parcel = box(case)
    services.fetch_due_labels(now=NOW)
    ahead = services.StationReport(
        parcel_id=parcel.pk,
        station=Station.PICKUP_FAILED,
        occurred_at=NOW + dt.timedelta(minutes=4),
    )
    services.report_station(report=ahead, actor=case.actor, now=NOW)

    hand_over([case])

    assert queries.station_of(Parcel.objects.get()) == Station.SHIPPED
    assert parcel_of(case).shipped_at == NOW + dt.timedelta(minutes=4)


def test_a_task_packed_in_part_goes_with_the_boxes_there_are():
    [case] = waiting(1, quantities=(3,))
    box(case, {0: 1})

    hand_over([case])
    box(case, {0: 2})
    hand_over([case])

    assert case.status() == ("SHIPPED", "SHIPPED")
    assert Handover.objects.count() == 2


def test_a_box_leaves_with_one_hand_over_only():
    [case] = ready(1)
    hand_over([case])
    entry = parcel_of(case).handover_entries.get()

    with pytest.raises(IntegrityError, match="fulfillment_handoverparcel_taken_uniq"):
        _insert_twin(entry)


def _insert_twin(entry: HandoverParcel) -> None:
    with transaction.atomic():
        twin = Handover.objects.get()
        twin.pk, twin.number, twin.public_id = None, "HO-TWIN", uuid7()
        twin.save(force_insert=True)
        HandoverParcel.objects.create(handover=twin, parcel=entry.parcel)


def test_nobody_named_is_refused():
    with pytest.raises(services.CarrierMissing):
        hand_over(ready(1), carrier="")


def test_the_signed_paper_is_kept_once(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    handover = hand_over(ready(1))
    actor = point_actor(handover.point)

    for _ in range(2):
        filed = services.file_signed_paper(
            handover_id=handover.pk, content=PAPER, actor=actor, now=NOW
        )

    assert filed.signed_content.media_type == "application/pdf"
    assert filed.signed_at == NOW
    assert Event.objects.filter(type="handover.signed").count() == 1


def test_another_signed_paper_is_refused():
    handover = hand_over(ready(1))
    actor = point_actor(handover.point)
    services.file_signed_paper(handover_id=handover.pk, content=PAPER, actor=actor, now=NOW)

    with pytest.raises(services.HandoverSigned):
        services.file_signed_paper(
            handover_id=handover.pk, content=PAPER + b"!", actor=actor, now=NOW
        )


def test_what_is_no_paper_is_refused():
    handover = hand_over(ready(1))

    with pytest.raises(services.DocumentKindUnknown):
        services.file_signed_paper(
            handover_id=handover.pk, content=b"GIF89a", actor=point_actor(handover.point), now=NOW
        )


def test_another_points_hand_over_does_not_exist():
    handover = hand_over(ready(1))

    with pytest.raises(services.HandoverNotFound):
        services.file_signed_paper(
            handover_id=handover.pk, content=PAPER, actor=point_actor(make_point()), now=NOW
        )
