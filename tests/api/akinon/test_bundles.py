"""Bundles in this language: an item of the order, whose products the packages have."""

from dataclasses import replace
from decimal import Decimal

import pytest

from fulfillment import services
from fulfillment.models import FulfillmentTask
from oms.orders import services as orders
from oms.orders.drafts import LineDraft
from tests.api.akinon.packages_world import make_world, package_id
from tests.api.akinon.test_packages import wish_to_cancel
from tests.factories import NOW, channel_actor, make_bundle, make_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def task(world):
    """One gift of two SKUs, given to the north."""
    make_bundle(parts=[(world.skus[0], 1), (world.skus[1], 2)], code="GIFT")
    line = LineDraft(
        external_id="70193", sku_codes=("GIFT",), sku_code="GIFT", quantity=1,
        unit_price=Decimal(250),
    )  # fmt: skip
    draft = replace(make_draft(channel=world.channel, lines=()), lines=(line,))
    intake = orders.place_order(draft=draft, actor=channel_actor(world.channel), now=NOW)
    services.allocate_due(now=NOW)
    return FulfillmentTask.objects.get(order=intake.order_id)


def test_a_package_has_the_products_of_the_item(world, task):
    items = world.package(task)["packageitem_set"]

    assert [(each["order_item"]["product"]["sku"], each["quantity"]) for each in items] == [
        (world.skus[0].code, 1),
        (world.skus[1].code, 2),
    ]
    assert {each["order_item"]["id"] for each in items} == {task.order.lines.get().number}
    assert {each["order_item"]["omnitron_id"] for each in items} == {70193}


def test_an_order_has_one_item(world, task):
    [item] = world.api.get(f"orders/{task.order.number}/").json()["orderitem_set"]

    assert (item["id"], item["product"]["sku"], item["quantity"]) == (
        task.order.lines.get().number,
        "GIFT",
        1,
    )


def test_packages_are_found_by_the_other_sides_item(world, task):
    world.task(number="2")

    found = world.api.get("packages/?packageitem__order_item__omnitron_id=70193").json()

    assert package_id(task) in [each["id"] for each in found["results"]]


def test_a_wish_about_the_item_is_one_about_its_products(world, task):
    wish_to_cancel(task, "70193")

    shown = world.package(task)
    found = world.api.results("packages/?state__enum_value=800")
    items = world.api.results("packages/package-items/?state__enum_value=800")

    assert shown["state"]["enum_value"] == "800"
    assert [item["state"]["enum_value"] for item in shown["packageitem_set"]] == ["800", "800"]
    assert [row["id"] for row in found] == [package_id(task)]
    assert {item["id"] for item in items} == {item["id"] for item in shown["packageitem_set"]}
