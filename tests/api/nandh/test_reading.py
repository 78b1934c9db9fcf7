"""Orders, shipments, stores and vendors as they are told."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fulfillment.choices import Station
from oms.orders import services as orders
from oms.orders.models import Order
from tests import factories


def of_order(order):
    return f"/orders/detail/NHOV{order.number:07d}"


def of_shipment(box):
    return f"/shipments/detail/NHSVC{box.number:07d}"


def test_an_order_shows_its_money_lines_and_places(world):
    order = world.place()

    detail = world.api.data(of_order(order))

    line = order.lines.get()
    assert detail["payments"] == [{"status": 100, "method": 1, "amount": 270000}]
    assert detail["fees"] == [{"code": "buyer_shipping_fee", "amount": 20000}]
    assert detail["items"] == [
        {
            "order_item_id": line.number,
            "sku": "TEE-RED-M",
            "name": "Tee red M",
            "quantity": 2,
            "sale_price": 125000,
            "discount": 0,
            "shipped_quantity": 0,
            "cancelled_quantity": 0,
            "returned_quantity": 0,
        }
    ]
    assert detail["pickup_address"]["id"] == 7
    assert detail["store"] == {
        "id": world.channel.pk,
        "code": "web",
        "name": world.channel.name,
    }


def test_statuses_follow_the_order_and_its_shipment(world):
    order = world.place()
    seen = [world.api.data(of_order(order))["status"]]
    box = world.packed(order)
    pairs = [
        (world.api.data(of_order(order))["status"], world.api.data(of_shipment(box))["status"])
    ]
    for station in (Station.SHIPPED, Station.DELIVERED):
        world.report(box, station)
        pairs.append(
            (world.api.data(of_order(order))["status"], world.api.data(of_shipment(box))["status"])
        )

    assert (seen, pairs) == ([100], [(220, 220), (300, 300), (400, 400)])


def test_an_operator_may_set_the_numbers(world, settings):
    settings.OMS_NANDH_STATUS = '{"order": {"paid": 777}}'
    order = world.place()

    assert world.api.data(of_order(order))["status"] == 777


def test_shipments_of_an_order(world):
    order = world.place()
    box = world.packed(order)

    answer = world.api.get(f"/shipments/list-shipment-of-order?order_id={order.number}")

    body = answer.json()
    [shipment] = body["data"]
    assert body["total"] == 1
    assert shipment["tracking_code"] == f"NHSVC{box.number:07d}"
    assert (shipment["order"], shipment["store"], shipment["pickup_address"]) == (
        order.number,
        world.channel.pk,
        7,
    )
    assert (shipment["courier"]["name"], shipment["cod_amount"]) == ("GHN", "270000.00")


def test_an_order_without_shipments_lists_none(world):
    order = world.place()

    answer = world.api.get(f"/shipments/list-shipment-of-order?order_id={order.number}")

    assert (answer.json()["data"], answer.json()["total"]) == ([], 0)


@pytest.mark.parametrize("query", ["", "?order_id=", "?order_id=x", "?order_id=-1"])
def test_shipments_want_the_number_of_an_order(world, query):
    answer = world.api.get(f"/shipments/list-shipment-of-order{query}")

    assert (answer.status_code, answer.json()["error_code"]) == (400, "invalid_parameter")


def test_the_label_lies_where_its_url_says(world):
    box = world.packed(world.place())
    url = world.api.data(of_shipment(box))["label_url"]

    answer = world.api.get(url.removeprefix("http://testserver/api/v1/public"))

    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_a_shipment_without_a_ready_label_has_no_url(world):
    box = world.packed(world.place())
    box.documents.update(status="PENDING", content=None)

    detail = world.api.data(of_shipment(box))
    answer = world.api.get(f"/shipments/label/NHSVC{box.number:07d}")

    assert (detail["label_url"], detail["label_code"]) == (None, None)
    assert (answer.status_code, answer.json()["error_code"]) == (409, "label_not_ready")


@pytest.mark.parametrize(
    "path",
    [
        "/orders/detail/NHOV1",
        "/orders/detail/NHOV00000000001",
        "/orders/detail/nhov0000001",
        "/orders/detail/NHOV9999999999999999999",
        "/shipments/detail/NHOV0000001",
        "/shipments/inbound/detail/NHIV0000001",
        "/shipments/inbound/detail/5/items",
        "/products/inventory/detail/x",
        "/products/inventory/detail/99999999999999999999",
    ],
)
def test_what_does_not_exist_is_not_found(world, path):
    answer = world.api.get(path)

    assert (answer.status_code, answer.json()["messages"]) == (404, "Record Not Found")
    assert answer.json()["error_code"] == "not_found"


def test_stores_are_the_channels(world):
    factories.make_channel(organization=world.organization, is_active=False)

    assert world.api.data("/stores/list") == [
        {"id": world.channel.pk, "code": "web", "name": world.channel.name, "is_active": True}
    ]


def test_the_only_vendor_is_the_organization(world):
    owner = world.organization

    assert world.api.data("/vendors/list") == [
        {"id": owner.pk, "code": owner.code, "name": owner.name}
    ]


def test_an_erased_order_is_still_told(world):
    order = world.place()
    orders.erase_buyer(
        order_id=order.pk, actor=factories.channel_actor(world.channel), now=order.placed_at
    )

    detail = world.api.data(of_order(Order.objects.get(pk=order.pk)))
    again = world.api.post("/orders/create", world.order())

    assert detail["partner_tracking_code"] == "WEB-1001"
    assert (again.status_code, again.json()["error_code"]) == (409, "duplicate_external_id")


def test_a_list_of_shipments_costs_the_same_however_long_it_is(world):
    order = world.place(items=[{"sku": "TEE-RED-M", "sale_price": 1000, "quantity": 4}])
    path = f"/shipments/list-shipment-of-order?order_id={order.number}"
    world.packed_units(order, 1)
    world.api.get(path)
    with CaptureQueriesContext(connection) as one:
        world.api.get(path)
    for _ in range(3):
        world.packed_units(order, 1)

    with CaptureQueriesContext(connection) as four:
        answer = world.api.get(path)

    assert answer.json()["total"] == 4
    assert len(four) == len(one)
