"""What staff see of picklists, manifests and hand-overs, and how they find them."""

import pytest
from django.urls import reverse

from fulfillment import services
from fulfillment.models import ShelfPlace
from tests import backoffice_builders as build
from tests.factories import NOW, make_sku, point_actor
from tests.integration.fulfillment.dock.builders import (
    gather,
    hand_over,
    manifest,
    parcel_of,
    ready,
    waiting,
)

pytestmark = pytest.mark.django_db

PAPER = b"%PDF-1.7 signed by the driver"


def page(browser, row):
    return browser.get(reverse(f"admin:fulfillment_{row._meta.model_name}_change", args=[row.pk]))


def found(browser, row, term):
    url = reverse(f"admin:fulfillment_{row._meta.model_name}_changelist")
    return list(browser.get(url, {"q": term}).context["cl"].result_list)


def test_a_picklist_shows_its_tasks_in_the_order_of_picking(root):
    cases = waiting(2)
    picklist = gather(cases, code="PK-31")

    html = page(root, picklist).content.decode()

    numbers = [case.task.number for case in cases]
    assert html.index(numbers[0]) < html.index(numbers[1])
    assert f"Picklist {picklist.number} was made of 2 tasks" in html
    assert "PK-31" in html


@pytest.mark.parametrize("name", ["number", "shown", "code", "order", "task"])
def test_a_picklist_is_found_by_its_numbers_and_those_of_its_orders(root, name):
    [case] = waiting(1)
    gather(waiting(1))
    picklist = gather([case], code="PK-31")
    terms = {
        "number": str(picklist.number),
        "shown": str(picklist),
        "code": "PK-31",
        "order": case.order.external_id,
        "task": case.task.number,
    }

    assert found(root, picklist, terms[name]) == [picklist]


@pytest.mark.parametrize("name", ["number", "parcel", "order"])
def test_a_manifest_is_found_by_its_numbers_and_those_of_its_parcels(root, name):
    [case] = ready(1)
    manifest(ready(1))
    made = manifest([case])
    terms = {
        "number": made.number.lower(),
        "parcel": str(parcel_of(case).number),
        "order": case.order.external_id,
    }

    assert found(root, made, terms[name]) == [made]


@pytest.mark.parametrize("term", ["ka01x1", "LR-7"])
def test_a_hand_over_is_found_by_what_the_driver_brought(root, term):
    hand_over(ready(1))
    made = hand_over(ready(1), vehicle_number="KA01X1", lr_number="LR-7")

    assert found(root, made, term) == [made]


def test_a_hand_over_shows_what_was_taken_and_not_what_is_sealed(root):
    left, packed = ready(2)
    hand_over([left])
    made = hand_over([left, packed], remarks="gate 2", eway_bill="EWB 4711")

    response = page(root, made)

    html = response.content.decode()
    assert ("Parcels taken", "1") in response.context["facts"]
    assert ("E-way bill", "on file") in response.context["facts"]
    assert "gate 2" in html
    assert "4711" not in html


def test_the_signed_paper_is_shown_to_those_who_may_see_the_hand_over(root, signed_in):
    made = hand_over(ready(1))
    url = reverse("admin:fulfillment_handover_signed", args=[made.pk])
    missing = root.get(url)
    services.file_signed_paper(
        handover_id=made.pk, content=PAPER, actor=point_actor(made.point), now=NOW
    )

    response = root.get(url)

    assert missing.status_code == 404
    assert (response.content, response["Content-Type"]) == (PAPER, "application/pdf")
    assert url in page(root, made).content.decode()
    stranger = build.make_staff(build.make_organization(), perms=("fulfillment.view_handover",))
    assert signed_in(stranger).get(url).status_code == 404
    colleague = build.make_staff(made.organization)
    assert signed_in(colleague).get(url).status_code == 403


def test_a_shelf_is_kept_for_a_point_and_its_own_skus_only(root):
    [case] = waiting(1)
    url = reverse("admin:fulfillment_shelfplace_add")
    stranger = make_sku()

    refused = root.post(url, {"point": case.point.pk, "sku": stranger.pk, "shelf": "A-1"})
    kept = root.post(url, {"point": case.point.pk, "sku": case.skus[0].pk, "shelf": "A-1"})

    assert refused.status_code == 200
    assert kept.status_code == 302
    place = ShelfPlace.objects.get()
    assert (place.organization, place.shelf) == (case.point.organization, "A-1")
