"""POST /return-orders/create."""

import pytest

from returns.models import ReturnOrder, ReturnUnit
from tests import factories
from tests.api.nandh.world import example

PATH = "/return-orders/create"


def body_for(order, **changes):
    code = f"NHOV{order.number:07d}"
    item = {"sku": "TEE-RED-M", "sale_price": 125000, "return_quantity": 1}
    body = example("create_return")["request"]
    body |= {"order_tracking_code": code, "return_items": [item]} | changes
    return {name: value for name, value in body.items() if value is not None}


def refusal(answer):
    body = answer.json()
    return body["status_code"], body["error_code"]


def test_announces_each_unit(world):
    order = world.shipped()
    line = order.lines.get()
    item = {"sku": "TEE-RED-M", "return_quantity": 2, "order_item_id": line.number}

    answer = world.api.post(PATH, body_for(order, return_items=[item], reason="too small"))

    row = ReturnOrder.objects.get()
    assert answer.json()["data"] == {
        "return_order_id": int(row.number[2:]),
        "tracking_code": row.number,
    }
    units = ReturnUnit.objects.values_list("order_line", "sku", "reason")
    assert list(units) == [(line.pk, world.sku.pk, "wrong_item: too small")] * 2
    assert (row.order, row.point, row.type) == (order, world.point, "CUSTOMER_RETURN")


def test_a_unit_comes_back_once(world):
    order = world.shipped()
    for _ in range(2):
        assert world.api.post(PATH, body_for(order)).status_code == 200

    answer = world.api.post(PATH, body_for(order))

    assert refusal(answer) == (409, "invalid_state")
    assert ReturnUnit.objects.count() == 2


def test_what_never_left_cannot_come_back(world):
    answer = world.api.post(PATH, body_for(world.place()))

    assert refusal(answer) == (409, "invalid_state")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"order_tracking_code": "NHOV0000000"}, 404, "not_found"),
        ({"order_tracking_code": "x"}, 404, "not_found"),
        ({"return_address": 8}, 422, "unknown_location"),
        ({"reason_type": "bored"}, 422, "validation_failed"),
        ({"config": None}, 422, "validation_failed"),
        ({"return_items": []}, 422, "validation_failed"),
        ({"return_items": [{"sku": "NO-SUCH", "return_quantity": 1}]}, 422, "unknown_sku"),
        (
            {"return_items": [{"order_item_id": 1, "return_quantity": 1}]},
            422,
            "validation_failed",
        ),
        (
            {"return_items": [{"sku": "TEE-RED-M", "return_quantity": 1000}] * 2},
            422,
            "validation_failed",
        ),
    ],
)
def test_refuses_what_cannot_come_back(world, changes, status, code):
    answer = world.api.post(PATH, body_for(world.shipped(), **changes))

    assert refusal(answer) == (status, code)
    assert ReturnOrder.objects.count() == 0


def test_a_point_of_another_store_is_unknown(world):
    order = world.shipped()
    other = factories.make_point(organization=world.organization, code="8")
    factories.make_channel(points=[other])

    answer = world.api.post(PATH, body_for(order, return_address=8))

    assert refusal(answer) == (422, "unknown_location")
