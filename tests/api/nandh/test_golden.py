"""The examples of the contract: what they send is taken, what they show is given."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from catalog.models import Sku
from fulfillment.choices import Station
from fulfillment.models import Document, Parcel
from oms.inventory import services as inventory
from oms.kernel.actors import SYSTEM
from oms.orders.models import Order, OrderLine
from tests.api.nandh.world import PREFIX, World, example


def at(seconds):
    return datetime.fromtimestamp(seconds, UTC)


def send(world, name):
    golden = example(name)
    path = golden["path"].removeprefix(PREFIX)
    if golden["method"] == "GET":
        return golden, world.api.get(path).json()
    return golden, world.api.post(path, golden["request"]).json()


def assert_contains(shown, given, path=""):
    """What an example shows is there, with these values and types; more may be."""
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
def world(db):
    """Under the ids of the examples."""
    return World.build(channel_id=12, sku_id=501)


@pytest.fixture
def ordered(world):
    _, answer = send(world, "create_order")
    assert answer["error"] is False, answer
    Order.objects.update(
        number=1,
        placed_at=at(1763600000),
        received_at=at(1763600000),
        changed_at=at(1763600900),
    )
    OrderLine.objects.update(number=9001)
    return world


def test_create_order(world):
    golden, answer = send(world, "create_order")

    # Their id and their code are two numbers; ours are one, and the sequence's.
    number = Order.objects.get().number
    golden["response"]["data"] = {"order_id": number, "tracking_code": f"NHOV{number:07d}"}
    assert answer == golden["response"]


def test_order_detail(ordered):
    golden, answer = send(ordered, "order_detail")

    golden["response"]["data"]["id"] = 1
    assert_contains(golden["response"], answer)


def test_shipment_detail(ordered):
    box = ordered.packed(Order.objects.get())
    Parcel.objects.update(number=1, tracking_number="GHN0123", cod_amount=250000)
    Document.objects.filter(parcel=box).update(reference="L1")

    golden, answer = send(ordered, "shipment_detail")

    # The label lies here, behind the same key.
    golden["response"]["data"]["label_url"] = (
        "http://testserver/api/v1/public/shipments/label/NHSVC0000001"
    )
    assert_contains(golden["response"], answer)


def test_inventory_list(world):
    count = inventory.StockCount(sku_id=501, on_hand=40, safety=2, incoming=10)
    inventory.count_points(
        counts={world.point.pk: [count]},
        note=inventory.MovementNote(cause="count"),
        actor=SYSTEM,
        now=timezone.now(),
    )
    world.place(items=[{"sku": "TEE-RED-M", "sale_price": 125000, "quantity": 3}])
    world.packed(Order.objects.get())

    golden, answer = send(world, "inventory_list")

    # All that is reserved is packed, and the stock kept back is the only level there is.
    golden["response"]["data"][0]["stock_info"] |= {"waiting_shipment": 3, "min_stock": 2}
    assert_contains(golden["response"], answer)


def test_create_product(world):
    golden = example("create_product")
    body = golden["request"] | {"sku": "TEE-BLUE-M"}

    answer = world.api.post("/products/inventory/create", body).json()

    sku = Sku.objects.get(code="TEE-BLUE-M")
    assert (sku.name, sku.weight_g, sku.barcodes) == ("Tee red M", 200, ["8930000000017"])
    assert_contains(
        {"cost": 60000, "sale_price": 125000, "package_length": 30, "material": "3PF-BOX"},
        answer["data"],
    )
    assert list(sku.levels.values_list("point", "on_hand")) == [(world.point.pk, 0)]


def test_inbound_detail(world):
    _, answer = send(world, "inbound_detail")

    # There are no inbound receipts here, so none is found.
    assert (answer["status_code"], answer["messages"]) == (404, "Record Not Found")


def test_create_return(ordered):
    ordered.report(ordered.packed(Order.objects.get()), Station.SHIPPED)

    _, answer = send(ordered, "create_return")

    returned = Order.objects.get().returns.get()
    assert answer["data"]["tracking_code"] == returned.number
    assert (returned.point, returned.units.get().reason) == (ordered.point, "wrong_item")
