import base64

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from channels_app.choices import DeliveryScenario
from fulfillment import services as fulfillment
from fulfillment.models import Document, FulfillmentTask, Parcel
from oms.events.choices import EventType
from oms.events.models import Event
from tests.clients.oms4_stdlib import Oms4Error

GET = "/rest/fp_api/fulfillment_task/get"
BY_NO = "/rest/fp_api/fulfillment_task/get_by_no"


def document(task, world):
    line = task.lines.select_related("order_line").get()
    return {
        "ft_no": task.number,
        "fp_name": "Main Warehouse",
        "created_time": int(task.created_at.timestamp() * 1000),
        "status": "CREATED",
        "allow_ft_split": 0,
        "order_no": "WEB-10045",
        "sc_type": "General",
        "sales_channel": "My Web Shop",
        "order_created_time": 1727345700000,
        "packing_instruction": None,
        "delivery_instruction": None,
        "ship_by_date": None,
        "cross_border": 0,
        "country": "SG",
        "state": "",
        "city": "Singapore",
        "district": "",
        "address": "1 Sample Road #02-03",
        "postcode": "048624",
        "name": "A. Tan",
        "organization": None,
        "phone": "+6560000000",
        "email": None,
        "delivery_carrier": task.carrier or None,
        "delivery_type": task.delivery_type or None,
        "avail_delivery_carrier": [{"name": "J&T", "id": "J&T"}],
        "task_details": [
            {
                "order_item_status": "PROCESSING",
                "order_item_id": line.order_line.number,
                "task_detail_id": line.number,
                "seller_sku_code": "TEE-RED-M",
                "brand_code": "BR1",
                "brand_sku_code": "BR1-TEE-RED-M",
                "sku_name": "T-shirt red M",
                "qty": 2,
                "orig_order_item_id": 90001,
            }
        ],
    }


def test_a_point_gets_its_tasks_and_has_received_them(world):
    task = world.tasked()

    first = world.warehouse.get(GET)
    second = world.warehouse.get(GET)

    assert first == {"total_count": 1, "cursor": 1, "ft_list": [document(task, world)]}
    assert second["ft_list"][0]["status"] == "RECEIVED"
    assert FulfillmentTask.objects.get().received_at is not None
    assert Event.objects.filter(type=EventType.TASK_RECEIVED).count() == 1


@pytest.mark.parametrize("form", ["query", "body", "post"])
def test_gets_tasks_by_number_in_each_way(world, form):
    task = world.tasked()
    wanted = {"ft_nos": [task.number, "FT9999999999"]}

    if form == "query":
        found = world.warehouse.get(BY_NO, wanted)
    elif form == "body":
        found = world.warehouse.get(BY_NO, body=wanted)
    else:
        found = world.warehouse.post(BY_NO, wanted)

    assert found == [document(task, world)]
    assert FulfillmentTask.objects.get().received_at is not None


def test_at_most_five_tasks_by_number(world):
    with pytest.raises(Oms4Error) as refusal:
        world.warehouse.tasks_by_no(*"123456")

    assert (refusal.value.code, refusal.value.message) == (
        "400",
        "ft_nos: holds more than 5 entries",
    )


def test_the_numbers_are_mandatory(world):
    with pytest.raises(Oms4Error) as refusal:
        world.warehouse.get(BY_NO)

    assert (refusal.value.code, refusal.value.message) == ("400", "ft_nos: is missing")


def test_filters_tasks_by_what_their_state_reads_as(world):
    task = world.tasked()

    assert world.warehouse.tasks(status="RECEIVED") == []
    assert len(world.warehouse.tasks(status="created")) == 1
    assert world.warehouse.tasks(status="CREATED") == []
    assert len(world.warehouse.tasks(status="RECEIVED")) == 1
    world.warehouse.update_activity(
        ft_no=task.number, milestone="PICKING", description="begun", event_time=1727347000000
    )
    assert [each["ft_no"] for each in world.warehouse.tasks(status="PROCESSING")] == [task.number]
    assert world.warehouse.tasks(status="RECEIVED") == []


def test_filters_tasks_by_order_and_time(world):
    task = world.tasked()
    created = int(task.created_at.timestamp() * 1000)

    assert len(world.warehouse.tasks(order_no="WEB-10045")) == 1
    assert world.warehouse.tasks(order_no="other") == []
    assert len(world.warehouse.tasks(created_from=created, created_to=created)) == 1
    assert world.warehouse.tasks(created_to=created - 1) == []
    assert world.warehouse.tasks(updated_from=created + 3_600_000) == []


def test_others_tasks_do_not_exist(world, next_door, elsewhere):
    task = world.tasked()

    for stranger in (next_door.warehouse, elsewhere.warehouse):
        assert stranger.tasks() == []
        assert stranger.tasks_by_no(task.number) == []
        assert stranger.shipping_info(task.number) == []
    assert FulfillmentTask.objects.get().received_at is None


def test_shows_a_task_without_a_parcel(world):
    task = world.tasked()

    assert world.warehouse.shipping_info(task.number, "FT0") == [
        {"ft_no": task.number, "parcels": []}
    ]


def test_hands_out_the_label_of_a_planned_parcel(world):
    world.channel.delivery = DeliveryScenario.CHANNEL_CARRIER_SINGLE
    world.channel.save()
    task = world.tasked()
    parcel = Parcel.objects.get()
    before = world.warehouse.shipping_info(task.number)
    fulfillment.fetch_label(document_id=Document.objects.get().pk, now=timezone.now())

    [entry] = world.warehouse.shipping_info(task.number)

    assert before[0]["parcels"][0]["shipping_label"] is None
    [shown] = entry["parcels"]
    parcel.refresh_from_db()
    assert base64.b64decode(shown.pop("shipping_label")).startswith(b"%PDF-")
    assert shown == {
        "parcel_id": parcel.number,
        "fp_parcel_no": None,
        "delivery_carrier": parcel.carrier,
        "delivery_type": parcel.delivery_type or None,
        "tracking_no": parcel.tracking_number,
    }


def test_one_parcel_can_be_asked_for(world):
    task = world.packed()

    assert len(world.warehouse.shipping_info(task.number, fp_parcel_no="PK-1")[0]["parcels"]) == 1
    assert world.warehouse.shipping_info(task.number, fp_parcel_no="PK-2")[0]["parcels"] == []


def test_the_number_of_queries_does_not_grow_with_the_tasks(world):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            world.warehouse.tasks()
        return len(captured)

    world.tasked(order_no="W-0")
    world.warehouse.tasks()
    one = statements()
    for place in range(1, 10):
        world.tasked(order_no=f"W-{place}")
    world.warehouse.tasks()

    assert (one, statements()) == (3, 3)
