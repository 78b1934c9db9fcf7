"""Bundles in this language: the channel reads its item, the point the SKUs in it."""

import pytest

from tests.factories import make_bundle, make_sku


@pytest.fixture
def gift(world):
    mug = make_sku(
        point=world.point, on_hand=10, code="MUG", name="Mug", brand_code="BR1", brand_sku_code="M"
    )
    return make_bundle(parts=[(world.sku, 1), (mug, 2)], code="GIFT", name="Gift")


@pytest.fixture
def items(world, gift):
    item = world.order()["items"][0]
    return [item | {"seller_sku_code": "GIFT", "sku_name": "Gift set", "qty": 2}]


def test_the_channel_reads_its_item(world, items):
    world.placed(items=items)

    [order] = world.shop.orders(order_no=["WEB-10045"])

    [item] = order["items"]
    assert (item["orig_order_item_id"], item["seller_sku_code"], item["qty"]) == (90001, "GIFT", 2)


def test_the_point_reads_the_skus_in_it(world, items):
    task = world.tasked(items=items)

    [found] = world.warehouse.tasks(ft_no=[task.number])

    details = [
        (each["seller_sku_code"], each["brand_sku_code"], each["qty"], each["orig_order_item_id"])
        for each in found["task_details"]
    ]
    assert details == [("TEE-RED-M", "BR1-TEE-RED-M", 2, 90001), ("MUG", "M", 4, 90001)]
    assert len({each["order_item_id"] for each in found["task_details"]}) == 1
    assert len({each["task_detail_id"] for each in found["task_details"]}) == 2


def test_a_parcel_has_the_item_in_sets(world, items):
    world.packed(items=items)

    [parcel] = world.shop.parcels(order_no=["WEB-10045"])

    [item] = parcel["items"]
    assert (item["orig_order_item_id"], item["seller_sku_code"], item["qty"]) == (90001, "GIFT", 2)
    assert (item["sku_name"], item["order_item_status"]) == ("Gift set", "PACKED")
