"""API 8: packed orders of one courier on a manifest."""

import base64
import logging

import pytest

from fulfillment.choices import ParcelStatus
from fulfillment.models import Manifest, Parcel
from oms.events.choices import EventType
from oms.events.models import Event
from tests.api.increff.dock_world import SHIRT, Dock, cancel, hold, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def dock():
    return Dock.build()


def manifest(dock, *codes, **body):
    """Ask for a manifest of these orders."""
    return dock.wms.manifest(
        **{**dock.place, "transporter": "SWIFT", "orderCodes": list(codes), **body}
    )


def test_the_example_of_the_contract_is_manifested(dock):
    dock.packed("WS-5512")

    answer = dock.wms.manifest(
        locationCode="EFS-BLR",
        channelName="WEBSHOP",
        transporter="SWIFT",
        orderCodes=["WS-5512"],
    )

    made = Manifest.objects.get()
    assert answer.status_code == 200
    found = answer.json()
    assert opened(found.pop("manifestUrl"))[:2] == (200, "application/pdf")
    assert found == {
        "manifestCode": made.number,
        "externalManifestCode": made.number,
        "manifest": None,
    }
    assert Parcel.objects.get().status == ParcelStatus.MANIFESTED


def test_a_manifest_comes_as_base64_where_the_client_wants_it():
    dock = Dock.build(documentMode="BASE64")
    dock.packed("WS-5512")

    found = manifest(dock, "WS-5512").json()

    assert found["manifestUrl"] is None
    assert base64.b64decode(found["manifest"]).startswith(b"%PDF-")


def test_the_same_orders_again_are_answered_as_the_first_time(dock):
    dock.packed("WS-5512"), dock.packed("WS-5513")
    first = manifest(dock, "WS-5512", "WS-5513")
    events = Event.objects.count()

    again = manifest(dock, "WS-5513", "WS-5512", "WS-5512")

    assert (again.status_code, again.content) == (200, first.content)
    assert Manifest.objects.count() == 1
    assert Event.objects.count() == events


def test_an_order_on_another_manifest_is_refused(dock):
    dock.packed("WS-5512"), dock.packed("WS-5513")
    manifest(dock, "WS-5512")

    answer = manifest(dock, "WS-5512", "WS-5513")

    assert answer.status_code == 400
    assert answer.json() == {
        "code": "BAD_DATA",
        "message": "Order is already manifested: WS-5512",
        "description": "[WS-5512: Order is already manifested: WS-5512]",
    }
    assert Manifest.objects.count() == 1


def test_every_bad_order_is_named_and_nothing_is_manifested(dock):
    dock.packed("WS-1")
    dock.order("WS-2"), hold(dock.packed("WS-3")), cancel(dock.order("WS-4"))

    answer = manifest(dock, "WS-1", "WS-2", "WS-3", "WS-4", "WS-9")

    assert answer.status_code == 400
    assert answer.json() == {
        "code": "BAD_DATA",
        "message": "Order is not packed: WS-2",
        "description": (
            "[WS-2: Order is not packed: WS-2, WS-3: Order is on hold: WS-3, "
            "WS-4: Order is cancelled: WS-4, WS-9: Order not found: WS-9]"
        ),
    }
    assert not Manifest.objects.exists()
    assert not Event.objects.filter(type=EventType.PARCEL_MANIFESTED).exists()


def test_bad_orders_that_exist_are_named_together(dock):
    dock.packed("WS-1")
    dock.order("WS-2"), hold(dock.packed("WS-3"))

    answer = manifest(dock, "WS-1", "WS-2", "WS-3")

    assert answer.status_code == 400
    assert answer.json()["description"] == (
        "[WS-2: Order is not packed: WS-2, WS-3: Order is on hold: WS-3]"
    )
    assert not Manifest.objects.exists()


def test_another_courier_than_the_labels_is_allowed_and_logged(dock, caplog):
    dock.packed("WS-5512")

    with caplog.at_level(logging.INFO):
        answer = manifest(dock, "WS-5512", transporter="OTHER COURIER")

    assert answer.status_code == 200
    assert any("labelled for SWIFT" in record.getMessage() for record in caplog.records)


def test_a_courier_in_other_letters_is_the_same(dock, caplog):
    dock.packed("WS-5512")

    with caplog.at_level(logging.INFO):
        manifest(dock, "WS-5512", transporter="swift")

    assert not any("labelled for" in record.getMessage() for record in caplog.records)


def test_every_box_of_an_order_is_on_the_manifest(dock):
    dock.order("WS-5512", [(SHIRT, 2)])
    for length in (10, 20):
        dock.pack(
            "WS-5512",
            fulfillmentType="MULTI_SHIPMENT_PARTIAL",
            packageDetails={"length": length},
        )

    manifest(dock, "WS-5512")

    assert Manifest.objects.get().entries.count() == 2


def test_five_hundred_orders_are_the_most(dock):
    answer = manifest(dock, *(f"WS-{number}" for number in range(501)))

    assert answer.status_code == 400
    assert answer.json()["message"] == "Max 500 items allowed"


@pytest.mark.parametrize("missing", ["locationCode", "channelName", "transporter", "orderCodes"])
def test_what_is_required_must_be_there(dock, missing):
    body = {**dock.place, "transporter": "SWIFT", "orderCodes": ["WS-5512"]}
    del body[missing]

    answer = dock.wms.manifest(**body)

    assert answer.status_code == 400
    assert answer.json()["description"] == f"[{missing}: may not be null]"


def test_an_order_of_another_organization_does_not_exist(dock):
    Dock.build().packed("WS-5512")

    answer = manifest(dock, "WS-5512")

    assert answer.json()["message"] == "Order not found: WS-5512"
    assert not Manifest.objects.exists()
