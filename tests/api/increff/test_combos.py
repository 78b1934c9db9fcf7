"""Bundles as external systems name them: combos (contract API 4, 7)."""

import pytest

from fulfillment.models import Invoice, ParcelItem, TaskLine
from oms.inventory.models import StockLevel
from oms.orders.models import OrderLine
from tests.api.increff.dock_world import SHIRT, SOCKS, Dock
from tests.factories import make_bundle

pytestmark = pytest.mark.django_db

PARTIAL = {"fulfillmentType": "MULTI_SHIPMENT_PARTIAL"}


@pytest.fixture
def dock():
    dock = Dock.build()
    bundle = make_bundle(parts=[(dock.skus[SHIRT], 1), (dock.skus[SOCKS], 2)], code="OUTFIT")
    dock.efs.listings.create(bundle=bundle, channel_sku_code="EF-SET")
    dock.skus["SET"] = bundle
    return dock


def in_boxes(dock):
    items = ParcelItem.objects.order_by("pk").values_list("task_line__sku", "quantity")
    codes = {dock.skus[code].pk: code for code in (SHIRT, SOCKS)}
    return [(codes[sku], quantity) for sku, quantity in items]


def ordered():
    return OrderLine.objects.get(bundle__isnull=False)


def refusal(answer):
    assert (answer.status_code, answer.json()["code"]) == (400, "BAD_DATA")
    return answer.json()["message"]


@pytest.mark.parametrize(
    "units",
    [
        [("EF-SET", 2)],
        [("OUTFIT", 2)],
        [(SHIRT, 2), (SOCKS, 4)],
    ],
)
def test_a_combo_is_packed_by_its_code_or_its_children(dock, units):
    dock.order("WS-1", [("SET", 2)])

    answer = dock.pack("WS-1", units)

    assert answer.status_code == 200, answer.content
    assert in_boxes(dock) == [(SHIRT, 2), (SOCKS, 4)]
    assert ordered().quantity_packed == 2


def test_its_invoice_is_of_the_combo(dock):
    dock.order("WS-1", [("SET", 2), (SHIRT, 1)])

    body = dock.pack("WS-1", [("EF-SET", 2), (SHIRT, 1)]).json()

    combo, shirt = body["invoiceDetails"]
    assert (combo["channelSkuCode"], combo["clientSkuId"], combo["quantity"]) == (
        "EF-SET",
        "OUTFIT",
        2,
    )
    assert (combo["actualSellingPricePerUnit"], combo["actualSellingPriceTotal"]) == (649.0, 1298.0)
    assert (combo["netTaxAmountTotal"], combo["taxItems"][0]["taxTotal"]) == (61.8, 61.8)
    assert (shirt["channelSkuCode"], shirt["actualSellingPriceTotal"]) == (SHIRT, 649.0)
    assert Invoice.objects.get().gross_total == 1947


def test_packing_the_same_again_is_answered_the_same(dock):
    dock.order("WS-1", [("SET", 1)])
    first = dock.pack("WS-1", [("EF-SET", 1)])

    again = dock.pack("WS-1", [(SHIRT, 1), (SOCKS, 2)])

    assert (again.status_code, again.json()) == (200, first.json())
    assert Invoice.objects.count() == 1


def test_its_sets_leave_in_several_shipments(dock):
    dock.order("WS-1", [("SET", 3)], allow_split=True)

    first = dock.pack("WS-1", [("EF-SET", 1)], **PARTIAL)
    second = dock.pack("WS-1", [(SHIRT, 2), (SOCKS, 4)], **PARTIAL)

    assert (first.status_code, second.status_code) == (200, 200), second.content
    assert ordered().quantity_packed == 3


@pytest.mark.parametrize(
    "units",
    [
        [(SHIRT, 1)],
        [(SHIRT, 1), (SOCKS, 1)],
        [(SHIRT, 1), (SOCKS, 4)],
    ],
)
def test_children_in_no_whole_sets_are_refused(dock, units):
    dock.order("WS-1", [("SET", 3)], allow_split=True)

    answer = dock.pack("WS-1", units, **PARTIAL)

    assert refusal(answer) == "Combos are packed in whole sets: WS-1"
    assert in_boxes(dock) == []


def test_a_child_beside_its_combo_is_packed_alone(dock):
    dock.order("WS-1", [("SET", 1), (SHIRT, 1)], allow_split=True)

    answer = dock.pack("WS-1", [(SHIRT, 1)], **PARTIAL)

    assert answer.status_code == 200, answer.content
    assert (ordered().quantity_packed, in_boxes(dock)) == (0, [(SHIRT, 1)])


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ([("EF-SET", 3)], "EF-SET"),
        ([("EF-SET", 1), ("OUTFIT", 1)], "OUTFIT"),
        ([("OTHER", 1)], "OTHER"),
    ],
)
def test_what_cannot_be_packed_is_named_as_it_was_said(dock, items, message):
    dock.order("WS-1", [("SET", 2)])
    make_bundle(parts=[(dock.skus[SHIRT], 1)], code="OTHER")

    answer = dock.pack("WS-1", items)

    assert message in refusal(answer)
    assert in_boxes(dock) == []


def test_serial_codes_of_a_combo_are_refused(dock):
    dock.order("WS-1", [("SET", 1)])
    items = [{"channelSkuCode": "EF-SET", "quantityToPack": 1, "externalSerialCodes": ["A"]}]

    answer = dock.wms.pack(**dock.place, orderCode="WS-1", shipmentItems=items)

    assert refusal(answer) == "Serial codes belong to the SKUs of a combo: EF-SET"


def cancelled(dock, code, *items):
    lines = [{"channelSkuCode": sku, "cancelledQuantity": quantity} for sku, quantity in items]
    body = {**dock.place, "orderCode": code, "orderItems": lines}
    return dock.wms.call("PUT", "/usp/order/cancel", body)


@pytest.mark.parametrize("items", [[("EF-SET", 1)], [(SOCKS, 1)], [(SHIRT, 1), (SOCKS, 2)]])
def test_what_an_efs_cannot_supply_of_a_combo_is_cancelled_in_sets(dock, items):
    dock.order("WS-1", [("SET", 3)])

    answers = [cancelled(dock, "WS-1", *items).status_code for _ in range(2)]

    assert answers == [200, 200]
    assert ordered().cancelled_by_seller == 1
    assert list(TaskLine.objects.order_by("pk").values_list("quantity_cancelled", flat=True)) == [
        1,
        2,
    ]
    levels = StockLevel.objects.filter(sku__in=[dock.skus[SHIRT], dock.skus[SOCKS]])
    assert list(levels.order_by("sku").values_list("reserved", flat=True)) == [2, 4]


def test_a_combo_the_sub_order_does_not_have_is_unknown(dock):
    dock.order("WS-1", [(SHIRT, 3)])

    answer = cancelled(dock, "WS-1", ("EF-SET", 1))

    assert "EF-SET" in refusal(answer)
