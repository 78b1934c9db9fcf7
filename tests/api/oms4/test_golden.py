"""The examples of the contract, word for word: what they send is taken, what they show is given."""

import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from catalog.models import Listing, Spu
from fulfillment.models import (
    CancellationTask,
    Document,
    FulfillmentTask,
    Parcel,
    ParcelMilestone,
    StoredContent,
    TaskLine,
)
from oms.orders.models import Order, OrderLine
from tests.factories import level_of

GOLDEN = Path(__file__).parent / "golden"


def example(name):
    return json.loads((GOLDEN / f"{name}.json").read_text())


def at(ms):
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)


def send(world, name, method="POST", **sent):
    golden = example(name)
    client = world.shop if "/sc_api/" in golden["path"] else world.warehouse
    if "request" in golden and not sent:
        sent = {"body": json.dumps(golden["request"]).encode()}
    return golden, client.send(method, golden["path"], **sent)[1]


def assert_same(golden, answer):
    assert answer | {"request_id": ""} == golden["response"] | {"request_id": ""}


def assert_contains(shown, given, path=""):
    """What an abbreviated example shows is there, with these values and types."""
    if isinstance(shown, dict):
        for name, value in shown.items():
            assert_contains(value, given[name], f"{path}.{name}")
    elif isinstance(shown, list):
        assert len(shown) == len(given), path
        for place, value in enumerate(shown):
            assert_contains(value, given[place], f"{path}[{place}]")
    else:
        assert (type(given), given) == (type(shown), shown), path


@pytest.fixture
def tasked(world):
    """The order of the examples with its task, under the examples' numbers."""
    _, answer = send(world, "create_order")
    assert answer["code"] == "200"
    OrderLine.objects.update(number=501)
    world.allocate()
    TaskLine.objects.update(number=1001)
    FulfillmentTask.objects.update(
        number="FT0000000001",
        created_at=at(1727346100000),
        carrier="J&T",
        delivery_type="Standard",
    )
    return world


@pytest.fixture
def packed(tasked):
    _, answer = send(tasked, "parcel_packed")
    assert answer["code"] == "200"
    Parcel.objects.update(
        number=100002,
        created_at=at(1727350000000),
        carrier="J&T",
        channel_parcel_no="USP-1",
    )
    return tasked


def test_create_order_and_get_orders(world):
    _, created = send(world, "create_order")
    OrderLine.objects.update(number=501)

    golden, listed = send(world, "get_orders", body=b"{}")

    assert created == {"code": "200", "message": "success", "data": None} | {
        "request_id": created["request_id"]
    }
    assert_contains(golden["response"]["data"], listed["data"])


def test_create_order_again(tasked):
    _, answer = send(tasked, "create_order")

    assert (answer["code"], Order.objects.count()) == ("200", 1)


def test_get_tasks_by_no(tasked):
    golden, answer = send(tasked, "get_tasks_by_no", "GET", query={"ft_nos": ["FT0000000001"]})

    # Carriers are identified by their name here.
    golden["response"]["data"][0]["avail_delivery_carrier"][0]["id"] = "J&T"
    assert_same(golden, answer)


def test_update_activity(tasked):
    _, answer = send(tasked, "update_activity")

    assert (answer["code"], answer["data"]) == ("200", None)
    assert FulfillmentTask.objects.get().status == "PICKING"


def test_parcel_packed_and_get_parcels(packed):
    golden, answer = send(packed, "get_parcels")

    assert_same(golden, answer)


def test_get_shipping_info(packed):
    content = StoredContent.objects.create(sha256="0" * 64, media_type="application/pdf", size=9)
    content.file.save("golden.pdf", BytesIO(b"%PDF-1.4\n"))
    Document.objects.create(
        organization=packed.organization,
        parcel=Parcel.objects.get(),
        kind="LABEL",
        status="READY",
        carrier="oms",
        reference="golden",
        content=content,
    )

    golden, answer = send(packed, "get_shipping_info", "GET", query={"ft_no": ["FT0000000001"]})

    assert_same(golden, answer)


def test_update_parcel_activity_and_track_trace(packed):
    _, reported = send(packed, "update_parcel_activity")
    ParcelMilestone.objects.update(description="picked up")

    golden, answer = send(packed, "track_trace", body=b'{"order_no":["WEB-10045"]}')

    assert (reported["code"], reported["data"]) == ("200", None)
    assert_same(golden, answer)


def test_update_parcel_status(packed):
    _, answer = send(packed, "update_parcel_status")

    assert (answer["code"], answer["data"]) == ("200", None)
    assert Parcel.objects.get().status == "DELIVERED"


def test_cancel_order_and_get_cancellations(tasked):
    _, answer = send(tasked, "cancel_order")
    CancellationTask.objects.update(
        number="CT0000000001",
        created_at=at(1727348000000),
        changed_at=at(1727348000000),
        status="OPEN",
        closed_at=None,
    )

    golden, shown = send(tasked, "get_cancellations", "GET", query={})

    assert (answer["code"], answer["data"]) == ("200", None)
    assert_same(golden, shown)


def test_sync_inventory(world):
    golden, answer = send(world, "sync_inventory")

    assert_same(golden, answer)
    assert level_of(world.point, world.sku).on_hand == 200


def test_request_cancel_and_get_cancel_requests(tasked):
    _, asked = send(tasked, "request_cancel")

    golden, answer = send(tasked, "get_cancel_requests", "GET")

    assert (asked["code"], asked["data"]) == ("200", None)
    assert_same(golden, answer)


def test_update_tracking_docs(packed):
    packed.channel.connector = {"allow_private_network": True}
    packed.channel.save()
    golden = example("update_tracking_docs")
    # The example's host does not exist; what a name is worth is judged elsewhere.
    body = golden["request"] | {"waybill_url": "http://127.0.0.1:9/w/USP-1.pdf"}

    _, answer = send(packed, "update_tracking_docs", body=json.dumps(body).encode())

    assert (answer["code"], answer["data"]) == ("200", None)
    assert Document.objects.get().status == "PENDING"


def test_spus(world):
    answers = [send(world, "update_spu")[1]]
    stored = Listing.objects.select_related("spu", "sku").get()
    answers += [send(world, "update_spu_status")[1]]
    status = Spu.objects.get().status
    answers += [send(world, "delete_spu")[1] for _ in range(2)]

    assert [(answer["code"], answer["data"]) for answer in answers] == [("200", None)] * 4
    assert (stored.spu.external_id, stored.spu.category_name) == ("SPU-7", "Clothes -> Shirts")
    assert (stored.spu.listed_at, stored.spu.changed_at) == (at(1727000000000), at(1727345777022))
    assert (stored.sku, stored.attributes) == (world.sku, {"color": "red", "size": "M"})
    assert (status, Spu.objects.count()) == ("INACTIVE", 0)


def test_every_example_was_used():
    assert {path.stem for path in GOLDEN.glob("*.json")} == {
        "cancel_order",
        "create_order",
        "delete_spu",
        "get_cancel_requests",
        "get_cancellations",
        "get_orders",
        "get_parcels",
        "get_shipping_info",
        "get_tasks_by_no",
        "parcel_packed",
        "request_cancel",
        "sync_inventory",
        "track_trace",
        "update_activity",
        "update_parcel_activity",
        "update_parcel_status",
        "update_spu",
        "update_spu_status",
        "update_tracking_docs",
    }
