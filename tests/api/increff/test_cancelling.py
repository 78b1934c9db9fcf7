"""Contract API 4."""

import pytest
from django.utils import timezone

from channels_app.choices import DeliveryScenario
from fulfillment import services as fulfillment
from fulfillment.choices import TaskStatus
from fulfillment.models import FulfillmentTask, TaskLine
from oms.events.choices import EventType
from oms.events.models import Event
from oms.inventory.models import StockLevel
from oms.kernel.actors import SYSTEM
from oms.locations.models import ChannelPoint
from oms.orders.choices import CancelParty, OrderStatus
from oms.orders.models import OrderLine
from tests.api.increff.dock_world import SHIRT, SOCKS, Dock, cancel, hold, the_order
from tests.factories import NOW, make_point

pytestmark = pytest.mark.django_db

PATH = "/usp/order/cancel"
CANCELS = [EventType.TASK_LINES_CANCELLED, EventType.TASK_CANCELLED, EventType.TASK_HOPPED]


@pytest.fixture
def dock():
    return Dock.build()


def refuse(dock, code, *items, **body):
    lines = [{"channelSkuCode": sku, "cancelledQuantity": quantity} for sku, quantity in items]
    return dock.wms.call(
        "PUT", PATH, {**dock.place, "orderCode": code, "orderItems": lines, **body}
    )


def told(task):
    return list(
        Event.objects.filter(subject_type="task", subject_id=task.pk, type__in=CANCELS)
        .order_by("id")
        .values_list("type", flat=True)
    )


def line_of(task):
    return OrderLine.objects.get(order_id=task.order_id)


def reserved(dock, sku=SHIRT):
    return StockLevel.objects.get(sku=dock.skus[sku], point=dock.point).reserved


def test_the_example_of_the_contract_cancels_a_part_with_zero_bytes(dock):
    task = dock.order("WS-5512", [(SHIRT, 2)])

    answer = dock.wms.call(
        "PUT",
        PATH,
        {
            "orderCode": "WS-5512",
            "locationCode": "EFS-BLR",
            "channelName": "WEBSHOP",
            "orderItems": [{"channelSkuCode": "EF-7001", "cancelledQuantity": 1}],
        },
    )

    assert (answer.status_code, answer.content) == (200, b"")
    line = line_of(task)
    assert (line.quantity_cancelled, line.cancelled_by_seller) == (1, 1)
    assert TaskLine.objects.get(task=task).quantity_short == 1
    assert (told(task), reserved(dock)) == ([EventType.TASK_LINES_CANCELLED], 1)


def test_all_units_end_the_sub_order_and_the_order(dock):
    task = dock.order("WS-1", [(SHIRT, 2)])

    answer = refuse(dock, "WS-1", (SHIRT, "2"))

    task.refresh_from_db()
    assert answer.status_code == 200
    assert (task.status, the_order(task).status) == (TaskStatus.CANCELLED, OrderStatus.CANCELLED)
    assert (told(task), reserved(dock)) == ([EventType.TASK_CANCELLED], 0)


def test_the_quantity_is_absolute(dock):
    task = dock.order("WS-1", [(SHIRT, 5)])

    answers = [refuse(dock, "WS-1", (SHIRT, total)).status_code for total in (2, 2, 1, 3, 3)]

    assert answers == [200] * 5
    assert line_of(task).cancelled_by_seller == 3
    assert told(task) == [EventType.TASK_LINES_CANCELLED] * 2


def test_it_counts_what_the_seller_cancelled_elsewhere(dock):
    task = dock.order("WS-1", [(SHIRT, 2), (SOCKS, 1)])
    wanted = fulfillment.CancelOrder(
        order_id=task.order_id,
        party=CancelParty.SELLER,
        line_ids=(OrderLine.objects.get(order_id=task.order_id, quantity_ordered=1).pk,),
    )
    fulfillment.cancel_order(request=wanted, actor=SYSTEM, now=NOW)

    same = refuse(dock, "WS-1", (SOCKS, 1))
    more = refuse(dock, "WS-1", (SHIRT, 1))

    assert (same.status_code, more.status_code) == (200, 200)
    assert told(task) == [EventType.TASK_LINES_CANCELLED] * 2


def test_what_the_customer_cancelled_does_not_count(dock):
    task = dock.order("WS-1", [(SHIRT, 2), (SOCKS, 1)])
    cancelled = OrderLine.objects.get(order_id=task.order_id, quantity_ordered=1)
    wanted = fulfillment.CancelOrder(
        order_id=task.order_id, party=CancelParty.CUSTOMER, line_ids=(cancelled.pk,)
    )
    fulfillment.cancel_order(request=wanted, actor=SYSTEM, now=NOW)

    answer = refuse(dock, "WS-1", (SOCKS, 1))

    assert answer.status_code == 400
    assert answer.json()["message"] == f"Quantity exceeds available quantity for sku: {SOCKS}"


def test_units_are_taken_from_several_lines_of_a_sku(dock):
    task = dock.order("WS-1", [(SHIRT, 2), (SHIRT, 2)])

    assert refuse(dock, "WS-1", (SHIRT, 3)).status_code == 200

    lines = TaskLine.objects.filter(task=task).order_by("pk")
    assert [line.quantity_cancelled for line in lines] == [2, 1]


def test_it_is_all_lines_or_none(dock):
    task = dock.order("WS-1", [(SHIRT, 2), (SOCKS, 1)])

    answer = refuse(dock, "WS-1", (SHIRT, 1), (SOCKS, 2))

    assert answer.status_code == 400
    assert answer.json() == {
        "code": "BAD_DATA",
        "message": f"Quantity exceeds available quantity for sku: {SOCKS}",
        "description": None,
    }
    assert told(task) == []


def test_after_packing_it_is_too_late(dock):
    task = dock.packed("WS-1", [(SHIRT, 2)])

    answer = refuse(dock, "WS-1", (SHIRT, 1))

    assert answer.status_code == 400
    assert answer.json()["message"] == "Order is already invoiced: WS-1"
    assert told(task) == []


def test_nothing_is_left_of_an_order_the_customer_cancelled(dock):
    cancel(dock.order("WS-1", [(SHIRT, 2)]))

    answer = refuse(dock, "WS-1", (SHIRT, 1))

    assert answer.json()["message"] == "Order is cancelled: WS-1"


def test_an_order_on_hold_can_be_cancelled(dock):
    task = dock.order("WS-1", [(SHIRT, 2)])
    hold(task)

    assert refuse(dock, "WS-1", (SHIRT, 1)).status_code == 200


def test_another_point_that_has_the_units_gets_them_instead(dock):
    task = dock.order("WS-1", [(SHIRT, 2)])
    other = make_point(organization=dock.organization, code="BOM-1")
    ChannelPoint.objects.create(channel=dock.channel, point=other, location_code="BOM-1")
    StockLevel.objects.create(
        organization=dock.organization, sku=dock.skus[SHIRT], point=other, on_hand=5
    )

    answer = refuse(dock, "WS-1", (SHIRT, 2))
    fulfillment.allocate_due(now=timezone.now())
    again = refuse(dock, "WS-1", (SHIRT, 2))

    task.refresh_from_db()
    assert (answer.status_code, again.status_code) == (200, 200)
    assert (task.status, told(task)) == (TaskStatus.CANCELLED, [EventType.TASK_HOPPED])
    assert line_of(task).quantity_cancelled == 0
    assert FulfillmentTask.objects.get(point=other).status == TaskStatus.CREATED


@pytest.mark.parametrize(("may_split", "cancelled"), [(True, 0), (False, 1)])
def test_a_part_goes_elsewhere_only_if_the_order_may_be_split(dock, may_split, cancelled):
    task = dock.order("WS-1", [(SHIRT, 2)], allow_split=may_split)
    other = make_point(organization=dock.organization, code="BOM-1")
    ChannelPoint.objects.create(channel=dock.channel, point=other, location_code="BOM-1")
    StockLevel.objects.create(
        organization=dock.organization, sku=dock.skus[SHIRT], point=other, on_hand=5
    )

    assert refuse(dock, "WS-1", (SHIRT, 1)).status_code == 200
    fulfillment.allocate_due(now=timezone.now())

    assert line_of(task).cancelled_by_seller == cancelled
    assert FulfillmentTask.objects.filter(point=other).count() == 1 - cancelled
    assert FulfillmentTask.objects.filter(point=dock.point).count() == 1


def test_a_planned_parcel_keeps_what_is_left():
    dock = Dock.build(delivery=DeliveryScenario.CHANNEL_CARRIER_SINGLE)
    task = dock.order("WS-1", [(SHIRT, 3)])

    assert refuse(dock, "WS-1", (SHIRT, 1)).status_code == 200

    assert [item.quantity for item in task.parcels.get().items.all()] == [2]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"orderCode": "WS-9"}, "Order not found: WS-9"),
        ({"channelName": "NOSHOP"}, "Invalid channel: NOSHOP"),
        ({"channelName": "NORTHWMS"}, "Invalid channel: NORTHWMS"),
        ({"locationCode": "BLR-1"}, "Invalid location code: BLR-1"),
    ],
)
def test_it_names_what_it_does_not_know(dock, body, message):
    dock.order("WS-1", [(SHIRT, 2)])

    answer = refuse(dock, "WS-1", (SHIRT, 1), **body)

    assert answer.status_code == 400
    assert answer.json() == {"code": "BAD_DATA", "message": message, "description": None}


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ([(SHIRT, 1), (SHIRT, 1)], f"Duplicate sku in request: {SHIRT}"),
        ([(SHIRT, 1), ("8901230071", 1)], "Duplicate sku in request: 8901230071"),
        ([("EF-9", 1)], "Sku not found: EF-9"),
        ([(SOCKS, 1)], f"Sku not found: {SOCKS}"),
    ],
)
def test_it_refuses_skus_that_cannot_be_meant(dock, items, message):
    task = dock.order("WS-1", [(SHIRT, 2)])

    answer = refuse(dock, "WS-1", *items)

    assert (answer.status_code, answer.json()["message"]) == (400, message)
    assert told(task) == []


@pytest.mark.parametrize("quantity", [0, -1, 1.5, "x", None])
def test_a_quantity_is_a_whole_number_from_one(dock, quantity):
    dock.order("WS-1", [(SHIRT, 2)])

    answer = refuse(dock, "WS-1", (SHIRT, quantity))

    assert answer.status_code == 400
    assert answer.json()["message"] == "Input validation failed"


def test_the_old_key_of_the_channel_is_understood(dock):
    task = dock.order("WS-1", [(SHIRT, 2)])

    answer = refuse(dock, "WS-1", (SHIRT, 1), channelName=None, channelId="WEBSHOP")

    assert (answer.status_code, line_of(task).cancelled_by_seller) == (200, 1)


def test_a_sales_channel_the_system_does_not_serve_is_not_open(dock):
    make_point(organization=dock.organization, code="BOM-1")
    dock.second_shop("OTHER").point_links.all().delete()

    answer = refuse(dock, "WS-1", (SHIRT, 1), channelName="OTHER")

    assert (answer.status_code, answer.json()["code"]) == (403, "AUTH_ERROR")


def test_orders_of_another_organization_do_not_exist(dock):
    elsewhere = Dock.build()
    task = elsewhere.order("WS-1", [(SHIRT, 2)])

    answer = refuse(dock, "WS-1", (SHIRT, 1))

    assert answer.json()["message"] == "Order not found: WS-1"
    assert told(task) == []
