"""The dock's page: what waits, manifests, hand-overs."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from fulfillment.models import Handover, Manifest, Parcel
from oms.locations import queries as locations
from oms.locations.models import CarrierCutOff
from tests import backoffice_builders as build
from tests.factories import NOW, make_point
from tests.integration.admin.desk_builders import floor, pack
from tests.integration.admin.test_actions import said

pytestmark = pytest.mark.django_db(transaction=True)

PDF = b"%PDF-1.4 signed"


@pytest.fixture
def hall():
    return floor(1, carrier="Swift")


@pytest.fixture
def parcel(hall):
    return pack(hall)


@pytest.fixture
def browser(signed_in, hall):
    return signed_in(hall.person("fulfillment.work_at_dock"))


def make_manifest(browser, hall):
    return browser.post(hall.dock_url, {"carrier": "Swift", "task": hall.task.pk}, follow=True)


def hand_over(browser, hall, **answers):
    url = reverse("admin:dock_handover", args=[hall.point.pk])
    answers = {"task": hall.task.pk, "carrier": "Swift", "vehicle_number": "", **answers}
    return browser.post(url, answers, follow=True)


def test_parcels_wait_by_carrier_with_every_number_on_them(browser, hall, parcel):
    Parcel.objects.filter(pk=parcel.pk).update(tracking_number="TRK-1")

    context = browser.get(hall.dock_url).context

    [carrier] = context["carriers"]
    assert (carrier.name, carrier.parcels) == ("Swift", 1)
    numbers = set(carrier.waiting[0].codes.strip("|").split("|"))
    assert numbers >= {"TRK-1", hall.order.external_id, hall.task.number, str(parcel.number)}


def test_the_nearest_cut_off_comes_first(browser, hall, parcel):
    other = floor(1, point=hall.point, carrier="Albatros")
    pack(other)
    CarrierCutOff.objects.create(point=hall.point, carrier="SWIFT", time_of_day=dt.time(16, 30))

    carriers = browser.get(hall.dock_url).context["carriers"]

    zone = locations.clock_of(hall.point)
    assert [carrier.name for carrier in carriers] == ["Swift", "Albatros"]
    assert f"{carriers[0].cut_off_at.astimezone(zone):%H:%M}" == "16:30"
    assert carriers[1].cut_off_at is None


def test_a_manifest_is_made_of_what_is_ticked(browser, hall, parcel):
    response = make_manifest(browser, hall)

    manifest = Manifest.objects.get()
    parcel.refresh_from_db()
    assert said(response) == [("success", f"Manifest {manifest.number} is made")]
    assert parcel.status == "MANIFESTED"
    assert response.context["carriers"] == []
    assert [(each.pk, each.left) for each in response.context["manifests"]] == [(manifest.pk, 1)]


def test_what_cannot_go_is_named(browser, hall):
    response = make_manifest(browser, hall)

    assert said(response) == [("warning", f"Nothing was done: {hall.task.number} not packed")]


def test_what_is_on_hold_stays(browser, hall, parcel):
    build.make_hold(hall.order)

    response = hand_over(browser, hall)

    assert said(response) == [("warning", f"Nothing was done: {hall.task.number} on hold")]
    assert Handover.objects.count() == 0


def test_nothing_ticked_changes_nothing(browser, hall, parcel):
    browser.post(hall.dock_url, {"carrier": "Swift"})
    response = browser.post(
        reverse("admin:dock_handover", args=[hall.point.pk]), {"carrier": "Swift"}, follow=True
    )

    assert said(response)[-1] == ("warning", "Tick what the carrier takes")
    assert Manifest.objects.count() == 0


def test_a_carrier_takes_what_is_ticked(browser, hall, parcel):
    response = hand_over(browser, hall, vehicle_number="B-OM 1", remarks="gate 2")

    handover = Handover.objects.get()
    parcel.refresh_from_db()
    assert (handover.vehicle_number, handover.remarks) == ("B-OM 1", "gate 2")
    assert (parcel.status, handover.signed_at) == ("SHIPPED", None)
    assert said(response) == [("success", f"Swift has it: hand-over {handover.number}")]


def test_a_hand_over_needs_its_carrier(browser, hall, parcel):
    response = hand_over(browser, hall, carrier="")

    assert response.status_code == 422
    assert response.context["form"].errors == {"carrier": ["This field is required."]}
    assert Handover.objects.count() == 0


def test_a_manifest_leads_to_the_form_of_its_hand_over(browser, hall, parcel):
    make_manifest(browser, hall)
    manifest = Manifest.objects.get()
    url = reverse("admin:dock_handover", args=[hall.point.pk])

    asked = browser.get(url, {"manifest": manifest.pk})
    done = browser.post(f"{url}?manifest={manifest.pk}", {"carrier": "Swift", "vehicle_number": ""})

    assert asked.context["task_ids"] == [hall.task.pk]
    assert asked.context["form"].initial == {"carrier": "Swift"}
    assert done.url == hall.dock_url
    assert Handover.objects.get().entries.get().parcel == parcel


def test_the_signed_document_comes_with_it(browser, hall, parcel):
    hand_over(browser, hall, signed=SimpleUploadedFile("signed.pdf", PDF))

    handover = Handover.objects.get()
    url = reverse("admin:dock_signed", args=[hall.point.pk, handover.pk])
    assert handover.signed_content.media_type == "application/pdf"
    assert browser.get(url).content == PDF


def test_the_signed_document_comes_later_and_only_once(browser, hall, parcel):
    hand_over(browser, hall)
    handover = Handover.objects.get()
    url = reverse("admin:dock_sign", args=[hall.point.pk, handover.pk])

    filed = browser.post(url, {"signed": SimpleUploadedFile("a.pdf", PDF)}, follow=True)
    other = browser.post(
        url, {"signed": SimpleUploadedFile("b.pdf", b"%PDF-1.4 other")}, follow=True
    )
    nothing = browser.post(url, follow=True)

    assert said(filed)[-1] == ("success", f"The signed document of {handover.number} is filed")
    assert said(other)[-1][0] == "warning"
    assert said(nothing)[-1] == ("warning", "Choose a file first")


def test_what_is_no_document_is_not_filed(browser, hall, parcel):
    response = hand_over(browser, hall, signed=SimpleUploadedFile("a.exe", b"MZ"))

    assert said(response)[-1][0] == "warning"
    assert Handover.objects.get().signed_at is None


def test_manifest_and_hand_over_are_on_paper(browser, hall, parcel):
    make_manifest(browser, hall)
    hand_over(browser, hall)
    manifest, handover = Manifest.objects.get(), Handover.objects.get()

    papers = [
        browser.get(reverse("admin:dock_manifest", args=[hall.point.pk, manifest.pk])),
        browser.get(reverse("admin:dock_handover_paper", args=[hall.point.pk, handover.pk])),
    ]

    assert [paper.content[:5] for paper in papers] == [b"%PDF-", b"%PDF-"]


def test_another_points_papers_do_not_exist(browser, hall, parcel):
    make_manifest(browser, hall)
    hand_over(browser, hall)
    other = make_point(organization=hall.point.organization)

    codes = [
        browser.get(reverse(f"admin:{name}", args=[other.pk, row.pk])).status_code
        for name, row in (
            ("dock_manifest", Manifest.objects.get()),
            ("dock_handover_paper", Handover.objects.get()),
            ("dock_signed", Handover.objects.get()),
        )
    ]

    assert codes == [404, 404, 404]


def test_a_carrier_that_does_not_come_today_has_no_cut_off(hall):
    today = NOW.astimezone(locations.clock_of(hall.point)).isoweekday()
    others = [day for day in range(1, 8) if day != today]
    CarrierCutOff.objects.create(
        point=hall.point, carrier="Swift", time_of_day=dt.time(16), weekdays=others
    )
    CarrierCutOff.objects.create(point=hall.point, carrier="Albatros", time_of_day=dt.time(9))

    found = locations.cut_offs_today(point=hall.point, now=NOW)

    zone = locations.clock_of(hall.point)
    assert found == {"ALBATROS": dt.datetime(2026, 1, 15, 9, tzinfo=zone)}


@pytest.mark.parametrize(
    "values",
    [
        {"carrier": "swift"},
        {"carrier": "Other", "weekdays": []},
        {"carrier": "Other", "weekdays": [8]},
        {"carrier": ""},
    ],
)
def test_the_database_refuses_impossible_cut_offs(hall, values):
    CarrierCutOff.objects.create(point=hall.point, carrier="Swift", time_of_day=dt.time(16))

    with pytest.raises(IntegrityError), transaction.atomic():
        CarrierCutOff.objects.create(point=hall.point, time_of_day=dt.time(9), **values)


def test_cut_offs_are_set_on_the_page_of_the_point(root, hall):
    url = reverse("admin:locations_fulfillmentpoint_change", args=[hall.point.pk])
    shown = root.get(url).context["adminform"].form.initial
    answers = {name: "" if value is None else value for name, value in shown.items()}
    answers |= {"carriers": "Swift", "is_active": "on"}
    rows = {
        "cut_offs-TOTAL_FORMS": "1",
        "cut_offs-INITIAL_FORMS": "0",
        "cut_offs-0-carrier": "Swift",
        "cut_offs-0-time_of_day": "16:30",
        "cut_offs-0-weekdays": ["1", "5"],
    }

    response = root.post(url, answers | rows)

    assert response.status_code == 302, response.context["errors"]
    cut_off = hall.point.cut_offs.get()
    assert (cut_off.time_of_day, cut_off.weekdays) == (dt.time(16, 30), [1, 5])
