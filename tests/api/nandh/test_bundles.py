"""Bundles in this language: a product that is no product of the stock list."""

import pytest

from returns.models import ReturnUnit
from tests.api.nandh.test_create_return import body_for
from tests.factories import make_bundle, make_sku


@pytest.fixture
def order(world):
    """Two gifts of a T-shirt and two mugs, which left."""
    mug = make_sku(point=world.point, on_hand=10, code="MUG")
    make_bundle(parts=[(world.sku, 1), (mug, 2)], code="GIFT", name="Gift")
    item = world.order()["items"][0] | {"sku": "GIFT", "quantity": 2}
    return world.shipped(items=[item])


def test_an_order_shows_the_bundle(world, order):
    [item] = world.api.data(f"/orders/detail/NHOV{order.number:07d}")["items"]

    assert (item["sku"], item["name"], item["quantity"]) == ("GIFT", "Gift", 2)
    assert (item["shipped_quantity"], item["returned_quantity"]) == (2, 0)


def test_a_set_comes_back_as_its_units(world, order):
    line = order.lines.get()
    item = {"sku": "GIFT", "return_quantity": 1, "order_item_id": line.number}

    answer = world.api.post("/return-orders/create", body_for(order, return_items=[item]))

    assert answer.status_code == 200, answer.content
    codes = ReturnUnit.objects.order_by("position").values_list("sku__code", flat=True)
    assert list(codes) == ["TEE-RED-M", "MUG", "MUG"]
