"""APIs 9 and 12: orders handed to the courier."""

import base64

import pytest

from fulfillment.choices import ParcelStatus, TaskStatus
from fulfillment.models import FulfillmentTask, Handover, Manifest, Parcel
from oms.events.choices import EventType
from oms.events.models import Event
from oms.kernel import sealed
from tests.api.increff.dock_world import Dock, cancel, hold, opened
from tests.pdfs import page_count, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def dock():
    return Dock.build()


@pytest.fixture(params=["hand_over", "combined"])
def hand_over(request, dock):
    """Either of the two calls, for these orders."""

    def call(*codes, **body):
        ask = getattr(dock.wms, request.param)
        return ask(**{**dock.place, "transporter": "SWIFT", "orderCodes": list(codes), **body})

    return call


def status_of(task):
    return FulfillmentTask.objects.get(pk=task.pk).status


def test_the_example_of_the_contract_is_handed_over(dock):
    task = dock.packed("WS-5512")

    answer = dock.wms.hand_over(
        locationCode="EFS-BLR",
        channelName="WEBSHOP",
        transporter="SWIFT",
        orderCodes=["WS-5512"],
        ewayBillDocument=None,
        lrNumber=None,
        remarks="gate 2",
        vehicleNumber="KA01X1",
    )

    made = Handover.objects.get()
    assert answer.status_code == 200
    assert answer.json().keys() == {"handoverDocumentUrl"}
    assert opened(answer.json()["handoverDocumentUrl"])[:2] == (200, "application/pdf")
    assert (made.remarks, made.vehicle_number, made.lr_number) == ("gate 2", "KA01X1", "")
    assert status_of(task) == TaskStatus.SHIPPED


def test_the_example_of_the_combined_call_is_handed_over(dock):
    task = dock.packed("WS-5512")

    answer = dock.wms.combined(
        channelName="WEBSHOP",
        locationCode="EFS-BLR",
        transporter="SELF",
        orderCodes=["WS-5512"],
    )

    assert answer.status_code == 200
    assert answer.json().keys() == {"handoverDocumentUrl"}
    assert status_of(task) == TaskStatus.SHIPPED


def test_the_older_prefix_of_the_combined_call_is_the_same(dock):
    task = dock.packed("WS-5512")

    answer = dock.wms.call(
        "POST",
        "/cims/push/usp/handover/combined",
        {**dock.place, "transporter": "SELF", "orderCodes": ["WS-5512"]},
    )

    assert answer.status_code == 200
    assert status_of(task) == TaskStatus.SHIPPED


def test_the_combined_document_holds_manifest_and_hand_over(dock):
    dock.packed("WS-5512")

    answer = dock.wms.combined(**dock.place, transporter="SELF", orderCodes=["WS-5512"])

    text = text_of(opened(answer.json()["handoverDocumentUrl"])[2])
    assert Manifest.objects.get().number in text
    assert Handover.objects.get().number in text


def test_orders_without_a_manifest_are_put_on_one(dock, hand_over):
    dock.packed("WS-5512")

    hand_over("WS-5512")

    assert Manifest.objects.get().entries.get().parcel == Parcel.objects.get()


def test_orders_on_a_manifest_stay_on_it(dock, hand_over):
    dock.packed("WS-5512")
    dock.wms.manifest(**dock.place, transporter="SWIFT", orderCodes=["WS-5512"])

    answer = hand_over("WS-5512")

    assert answer.status_code == 200
    assert Manifest.objects.count() == 1
    assert Parcel.objects.get().status == ParcelStatus.SHIPPED


def test_the_same_orders_again_are_answered_as_the_first_time(dock, hand_over):
    dock.packed("WS-5512"), dock.packed("WS-5513")
    first = hand_over("WS-5512", "WS-5513")
    events = Event.objects.count()

    again = hand_over("WS-5513", "WS-5512")

    assert (again.status_code, again.content) == (200, first.content)
    assert Handover.objects.count() == 1
    assert Event.objects.count() == events


def test_a_mixture_hands_over_what_is_left_and_names_all(dock, hand_over):
    dock.packed("WS-5512")
    hand_over("WS-5512")
    late = dock.packed("WS-5513")

    answer = hand_over("WS-5512", "WS-5513")

    assert answer.status_code == 200
    assert status_of(late) == TaskStatus.SHIPPED
    second = Handover.objects.latest("pk")
    assert [entry.is_taken for entry in second.entries.order_by("parcel_id")] == [False, True]
    assert Event.objects.filter(type=EventType.TASK_SHIPPED).count() == 2


def test_every_bad_order_is_named_and_nothing_leaves(dock, hand_over):
    good = dock.packed("WS-1")
    dock.order("WS-2"), hold(dock.packed("WS-3")), cancel(dock.order("WS-4"))

    answer = hand_over("WS-1", "WS-2", "WS-3", "WS-4", "WS-9")

    assert answer.status_code == 400
    assert answer.json() == {
        "code": "BAD_DATA",
        "message": "Order is not packed: WS-2",
        "description": (
            "[WS-2: Order is not packed: WS-2, WS-3: Order is on hold: WS-3, "
            "WS-4: Order is cancelled: WS-4, WS-9: Order not found: WS-9]"
        ),
    }
    assert status_of(good) == TaskStatus.PACKED
    assert not Handover.objects.exists()


def test_bad_orders_that_exist_are_named_together(dock, hand_over):
    dock.packed("WS-1")
    dock.order("WS-2"), hold(dock.packed("WS-3"))

    answer = hand_over("WS-1", "WS-2", "WS-3")

    assert answer.status_code == 400
    assert answer.json()["description"] == (
        "[WS-2: Order is not packed: WS-2, WS-3: Order is on hold: WS-3]"
    )
    assert not Handover.objects.exists()


def test_the_eway_bill_is_kept_sealed(dock):
    dock.packed("WS-5512")
    bill = "EWB-" + "7" * 4_000

    answer = dock.wms.hand_over(
        **dock.place,
        transporter="SWIFT",
        orderCodes=["WS-5512"],
        ewayBillDocument=bill,
        lrNumber="LR-1",
    )

    made = Handover.objects.get()
    assert answer.status_code == 200
    assert (sealed.read(made, "eway_bill"), made.lr_number) == (bill, "LR-1")


def test_a_long_eway_bill_is_no_reason_to_wait(dock):
    dock.packed("WS-5512")
    document = base64.b64encode(b"%PDF-" + bytes(150_000)).decode()

    answer = dock.wms.hand_over(
        **dock.place, transporter="SWIFT", orderCodes=["WS-5512"], ewayBillDocument=document
    )

    assert answer.status_code == 200
    assert page_count(opened(answer.json()["handoverDocumentUrl"])[2]) == 1


def test_each_order_is_told_to_have_left_once(dock, hand_over):
    tasks = {dock.packed("WS-5512").pk, dock.packed("WS-5513").pk}

    hand_over("WS-5512", "WS-5513")

    told = Event.objects.filter(type=EventType.TASK_SHIPPED)
    assert sorted(told.values_list("subject_id", flat=True)) == sorted(tasks)


@pytest.mark.parametrize("missing", ["locationCode", "channelName", "transporter", "orderCodes"])
def test_what_is_required_must_be_there(dock, missing):
    body = {**dock.place, "transporter": "SWIFT", "orderCodes": ["WS-5512"]}
    del body[missing]

    answers = [dock.wms.hand_over(**body), dock.wms.combined(**body)]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert {answer.json()["description"] for answer in answers} == {f"[{missing}: may not be null]"}


def test_orders_of_another_organization_do_not_exist(dock, hand_over):
    theirs = Dock.build().packed("WS-5512")

    answer = hand_over("WS-5512")

    assert answer.json()["message"] == "Order not found: WS-5512"
    assert status_of(theirs) == TaskStatus.PACKED
