"""Combos in order and return events (contract API 3, 10)."""

from decimal import Decimal

import pytest

from catalog.models import Listing
from fulfillment import services as fulfillment
from fulfillment.services.dock import short_picks
from oms.kernel.actors import SYSTEM
from oms.orders.choices import CancelParty
from oms.orders.drafts import LineDraft
from tests.factories import NOW, count_units, make_bundle, make_point
from tests.integration.increff.builders import SHIRT, SHIRT_BARCODE, SOCKS

SOCKS_CODE = "SOCKS-RED"


@pytest.fixture
def outfit(efs):
    bundle = make_bundle(parts=[(efs.skus[SHIRT], 1), (efs.skus[SOCKS], 2)], code="OUTFIT")
    Listing.objects.create(channel=efs.channel, bundle=bundle, channel_sku_code="EF-SET")
    return bundle


def line(code, quantity, number="5512-1", **more):
    return LineDraft(
        external_id=number, sku_codes=(code,), sku_code=code, quantity=quantity, **more
    )


def told(efs):
    """Items of the last message: code, ordered, cancelled, whether it is a combo."""
    items = efs.receiver.of("/orders")[-1].message["orderItems"]
    return [
        (each["channelSkuCode"], each["orderedQuantity"], each["cancelledQuantity"],
         each["isVirtual"])
        for each in items
    ]  # fmt: skip


def test_a_combo_is_one_entry_with_its_make_up(efs, outfit):
    efs.listen()
    ordered = line("OUTFIT", 2, unit_price=Decimal(900), line_discount=Decimal(100))

    efs.order(lines=(ordered,))
    efs.push()

    [call] = efs.receiver.of("/orders")
    [item] = call.message["orderItems"]
    assert {name: item[name] for name in ("orderItemCodes", "clientSkuId", "channelSkuCode")} == {
        "orderItemCodes": ["5512-1"],
        "clientSkuId": "OUTFIT",
        "channelSkuCode": "EF-SET",
    }
    assert (item["barcode"], item["orderedQuantity"], item["isVirtual"]) == (None, 2, True)
    assert (item["sellingPricePerUnit"], item["sellerDiscount"]) == (900.0, 50.0)
    assert call.message["virtualSkuDefinitions"] == [
        {
            "virtualParentChannelSkuId": "EF-SET",
            "virtualParentBarcode": None,
            "virtualParentClientSkuCode": "OUTFIT",
            "childSkus": [
                {
                    "channelSkuCode": SHIRT,
                    "barcode": SHIRT_BARCODE,
                    "clientSkuCode": SHIRT_BARCODE,
                    "qty": 1,
                },
                {
                    "channelSkuCode": SOCKS_CODE,
                    "barcode": None,
                    "clientSkuCode": SOCKS_CODE,
                    "qty": 2,
                },
            ],
        }
    ]
    assert call.message["bundledSkuDefinitions"] is None


def test_a_child_beside_it_is_an_entry_of_its_own(efs, outfit):
    efs.listen()

    efs.order(lines=(line(SOCKS_CODE, 3, "1"), line("OUTFIT", 1, "2")))
    efs.push()

    assert told(efs) == [(SOCKS_CODE, 3, 0, False), ("EF-SET", 1, 0, True)]


def test_two_lines_of_a_combo_are_one_entry(efs, outfit):
    efs.listen()

    efs.order(lines=(line("OUTFIT", 1, "1"), line("OUTFIT", 2, "2")))
    efs.push()

    assert told(efs) == [("EF-SET", 3, 0, True)]
    [call] = efs.receiver.of("/orders")
    assert call.message["orderItems"][0]["orderItemCodes"] == ["1", "2"]
    assert len(call.message["virtualSkuDefinitions"]) == 1


def test_sets_that_are_cancelled_are_told_as_sets(efs, outfit):
    efs.listen()
    order = efs.order(lines=(line("OUTFIT", 2, "1"), line(efs.skus[SHIRT].code, 1, "2")))
    efs.push()
    request = fulfillment.CancelOrder(
        order_id=order.pk,
        party=CancelParty.CUSTOMER,
        line_ids=(order.lines.get(external_id="1").pk,),
    )

    fulfillment.cancel_order(request=request, actor=SYSTEM, now=NOW)
    efs.push()

    assert told(efs) == [("EF-SET", 2, 2, True), (SHIRT, 1, 0, False)]
    item = efs.receiver.of("/orders")[-1].message["orderItems"][0]
    assert (item["customerCancelledQty"], item["hoppedQuantity"]) == (2, None)


def test_what_was_left_of_a_broken_set_is_told_alone(efs, outfit):
    efs.listen()
    order = efs.order(lines=(line("OUTFIT", 2),), allow_split=True)
    other = make_point(organization=efs.organization)
    efs.shop.point_links.create(point=other)
    count_units(point=other, sku=efs.skus[SOCKS], on_hand=5)
    efs.push()
    task = efs.task_of(order)
    socks = task.lines.filter(sku=efs.skus[SOCKS]).order_by("pk").first()

    short_picks.report_short_pick(task_id=task.pk, units={socks.pk: 1}, actor=SYSTEM, now=NOW)
    efs.push()

    assert told(efs) == [("EF-SET", 2, 1, True), (SHIRT, 1, 0, False), (SOCKS_CODE, 1, 0, False)]
    combo = efs.receiver.of("/orders")[-1].message["orderItems"][0]
    assert (combo["hoppedQuantity"], combo["sellerRejectQty"]) == (1, 1)
