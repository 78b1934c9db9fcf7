"""Contract section 4.6."""

import base64

import pytest

from fulfillment.models import Document, Parcel
from tests.clients.oms4_stdlib import Oms4Error
from tests.simulators.document_store import document_store

PDF = b"%PDF-1.4\nwaybill"
MOST = 5 * 1024 * 1024


def encoded(content):
    return base64.b64encode(content).decode()


def refused(call, **members):
    with pytest.raises(Oms4Error) as refusal:
        call(**members)
    return refusal.value.code


def docs(**changes):
    number = str(Parcel.objects.get().number)
    return {"order_no": "WEB-10045", "parcel_id": number, "waybill": encoded(PDF)} | changes


def test_the_point_is_given_the_channels_label(world):
    task = world.packed()

    world.shop.update_tracking_docs(
        **docs(delivery_carrier="Ninja", delivery_type="premium", tracking_no="TRK-9")
    )

    [shipping] = world.warehouse.shipping_info(task.number)
    assert shipping["parcels"] == [
        {
            "parcel_id": Parcel.objects.get().number,
            "fp_parcel_no": "PK-1",
            "delivery_carrier": "Ninja",
            "delivery_type": "Premium",
            "tracking_no": "TRK-9",
            "shipping_label": encoded(PDF),
        }
    ]


@pytest.mark.parametrize("named", [{"fp_parcel_no": "PK-1"}, {"us_parcel_no": "USP-1"}])
def test_a_parcel_is_named_by_any_of_its_numbers(world, named):
    world.packed()
    Parcel.objects.update(channel_parcel_no="USP-1")

    world.shop.update_tracking_docs(**docs(parcel_id=None, **named))

    assert Document.objects.get().status == "READY"


def test_a_parcel_must_be_named(world):
    world.packed()

    assert refused(world.shop.update_tracking_docs, **docs(parcel_id=None)) == "400"


def test_the_other_name_of_the_waybill_will_do(world):
    world.packed()

    world.shop.update_tracking_docs(**docs(waybill=None, shipping_label=encoded(PDF)))

    assert Document.objects.get().status == "READY"


def test_the_same_again_is_a_success_without_effect(world):
    world.packed()

    for _ in range(2):
        world.shop.update_tracking_docs(**docs(tracking_no="TRK-9"))

    assert Document.objects.count() == 1


def test_the_channel_sees_where_it_said_the_waybill_is(world):
    world.packed()
    world.channel.connector = {"allow_private_network": True}
    world.channel.save()
    with document_store() as store:
        url = store.keep("/w/1.pdf", PDF)
        world.shop.update_tracking_docs(**docs(waybill=None, waybill_url=url))

    assert world.shop.parcels()[0]["waybill_url"] == url


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"order_no": ""}, "400"),
        ({"order_no": "other"}, "404"),
        ({"parcel_id": "1"}, "404"),
        ({"parcel_id": "x"}, "404"),
        ({"parcel_id": None, "fp_parcel_no": "PK-2"}, "404"),
        ({"delivery_type": "Rocket"}, "400"),
        ({"waybill": "not base64!"}, "400"),
        ({"waybill": encoded(b"<html>")}, "400"),
        ({"waybill": encoded(b"%PDF-" + b"x" * MOST)}, "400"),
        ({"waybill": None, "waybill_url": "http://shop.example.com/w.pdf"}, "400"),
        ({"waybill": None, "waybill_url": "https://127.0.0.1/w.pdf"}, "400"),
        ({"waybill": None, "waybill_url": "x" * 2049}, "400"),
        ({"tracking_no": "x" * 129}, "400"),
    ],
)
def test_wrong_docs_change_nothing(world, change, code):
    world.packed()
    body = docs(tracking_no="TRK-9") | change

    assert refused(world.shop.update_tracking_docs, **body) == code
    assert (Document.objects.exists(), Parcel.objects.get().tracking_number) == (False, "TRK-1")


def test_another_number_of_the_channel_is_a_conflict(world):
    world.packed()
    world.shop.update_tracking_docs(**docs(us_parcel_no="USP-1"))

    assert refused(world.shop.update_tracking_docs, **docs(us_parcel_no="USP-2")) == "409"


def test_a_voided_parcel_is_a_conflict(world):
    world.packed()
    body = docs()
    world.shop.cancel_order(order_no="WEB-10045")

    assert refused(world.shop.update_tracking_docs, **body) == "409"
    assert Document.objects.exists() is False


def test_others_parcels_are_not_found(world, next_door, elsewhere):
    world.packed()

    for stranger in (next_door.shop, elsewhere.shop):
        assert refused(stranger.update_tracking_docs, **docs()) == "404"
    assert Document.objects.exists() is False
