import pytest

from fulfillment.models import FulfillmentTask, Parcel, ParcelMilestone, TaskActivity
from oms.orders.models import Order
from tests.clients.oms4_stdlib import Oms4Error

TIME = 1727360000000


def refused(call, **members):
    with pytest.raises(Oms4Error) as refusal:
        call(**members)
    return refusal.value.code


def activity(task, **changes):
    return {"ft_no": task.number, "description": "as said", "event_time": TIME, **changes}


@pytest.mark.parametrize(
    ("member", "word", "status"),
    [
        ("milestone", "RECEIVED", "ACCEPTED"),
        ("milestone", "picking", "PICKING"),
        ("activity", "PICKED", "PICKED"),
        ("status", "Picked", "PICKED"),
    ],
)
def test_a_known_activity_moves_the_task(world, member, word, status):
    task = world.tasked()

    world.warehouse.update_activity(**activity(task, **{member: word}))

    assert FulfillmentTask.objects.get().status == status


def test_any_other_activity_is_kept_as_text(world):
    task = world.tasked()

    world.warehouse.update_activity(**activity(task, milestone="On Hold Shelf"))
    world.warehouse.update_activity(**activity(task, milestone="On Hold Shelf"))

    assert FulfillmentTask.objects.get().status == "CREATED"
    assert TaskActivity.objects.values_list("milestone", "description").get() == (
        "On Hold Shelf",
        "as said",
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ft_no": "FT0"}, "404"),
        ({"description": ""}, "400"),
        ({"event_time": None}, "400"),
        ({"milestone": "x" * 65}, "400"),
    ],
)
def test_a_wrong_activity_changes_nothing(world, change, code):
    task = world.tasked()

    assert refused(world.warehouse.update_activity, **activity(task, **change)) == code
    assert TaskActivity.objects.exists() is False


def test_packs_a_task(world):
    task = world.packed()

    task.refresh_from_db()
    parcel = Parcel.objects.get()
    assert (task.status, parcel.status, parcel.point_parcel_no) == ("PACKED", "PACKED", "PK-1")
    assert (str(parcel.weight_kg), parcel.carrier, parcel.tracking_number) == (
        "1.5000",
        "J&T",
        "TRK-1",
    )
    assert world.shop.orders()[0]["order_status"] == "PACKED"


def test_the_other_name_of_the_carrier_will_do(world):
    task = world.tasked()
    parcel = world.parcel(task)
    parcel["actual_delivery_carrier"] = parcel.pop("actual_delivery_partner")

    world.warehouse.set_parcel_packed(ft_no=task.number, parcels=[parcel])

    assert Parcel.objects.get().carrier == "J&T"


def test_packing_again_is_a_success_without_effect(world):
    task = world.packed()

    world.warehouse.set_parcel_packed(ft_no=task.number, parcels=[world.parcel(task)])

    assert Parcel.objects.count() == 1


def packing(world, task, **changes):
    return {"ft_no": task.number, "parcels": [world.parcel(task) | changes]}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"parcel_items": []}, "400"),
        ({"fp_parcel_no": ""}, "400"),
        ({"weight": -1}, "400"),
        ({"actual_delivery_type": "Rocket"}, "400"),
        ({"actual_delivery_partner": ""}, "400"),
    ],
)
def test_a_wrong_parcel_is_refused(world, change, code):
    task = world.tasked()

    assert refused(world.warehouse.set_parcel_packed, **packing(world, task, **change)) == code
    assert Parcel.objects.exists() is False


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"brand_code": "BR2"}, "400"),
        ({"brand_sku_code": "other"}, "400"),
        ({"ft_detail_id": "999999"}, "404"),
        ({"ft_detail_id": "x"}, "404"),
    ],
)
def test_a_wrong_detail_is_refused(world, change, code):
    task = world.tasked()
    parcel = world.parcel(task)
    parcel["parcel_items"][0] |= change

    body = {"ft_no": task.number, "parcels": [parcel]}

    assert refused(world.warehouse.set_parcel_packed, **body) == code
    assert Parcel.objects.exists() is False


def test_another_order_or_task_is_not_found(world):
    task = world.tasked()
    body = packing(world, task)

    assert refused(world.warehouse.set_parcel_packed, **body | {"order_no": "other"}) == "404"
    assert refused(world.warehouse.set_parcel_packed, **body | {"ft_no": "FT0"}) == "404"
    assert Parcel.objects.exists() is False


def test_another_parcel_for_a_packed_detail_is_a_conflict(world):
    task = world.packed()

    body = {"ft_no": task.number, "parcels": [world.parcel(task, number="PK-2")]}

    assert refused(world.warehouse.set_parcel_packed, **body) == "409"
    assert Parcel.objects.count() == 1


def test_two_parcels_need_the_right_to_split(world):
    body = world.order()
    body["items"].append(body["items"][0] | {"orig_order_item_id": "90002"})
    task = world.tasked(items=body["items"])
    lines = list(task.lines.select_related("sku").order_by("id"))

    both = {
        "ft_no": task.number,
        "parcels": [
            world.parcel(task, number=f"PK-{place}", lines=[line])
            for place, line in enumerate(lines)
        ],
    }

    assert refused(world.warehouse.set_parcel_packed, **both) == "409"
    assert Parcel.objects.exists() is False


def test_a_parcels_journey(world):
    task = world.packed()
    said = {"ft_no": task.number, "fp_parcel_no": "PK-1"}

    world.warehouse.update_parcel_activity(
        **said, milestone="SHIPPING", description="handed over", event_time=TIME
    )
    world.warehouse.update_parcel_activity(**said, description="in the van", event_time=TIME + 1)
    world.warehouse.update_parcel_activity(
        **said, milestone="delivered", description="at the door", event_time=TIME + 2
    )

    assert Parcel.objects.get().status == "DELIVERED"
    assert [
        each["description"] for each in world.shop.track(order_no="WEB-10045")[0]["activities"]
    ] == [
        "handed over",
        "in the van",
        "at the door",
    ]
    assert world.shop.orders()[0]["order_status"] == "DELIVERED"


def test_others_tasks_cannot_be_worked_on(world, next_door, elsewhere):
    task = world.packed()

    for stranger in (next_door.warehouse, elsewhere.warehouse):
        said = {"ft_no": task.number, "description": "x", "event_time": TIME}
        assert refused(stranger.update_activity, **said) == "404"
        assert (
            refused(stranger.update_parcel_activity, **said, fp_parcel_no="PK-1", milestone="LOST")
            == "404"
        )
        assert refused(stranger.set_parcel_packed, **packing(world, task)) == "404"
    assert ParcelMilestone.objects.exists() is False
    assert TaskActivity.objects.exists() is False
    assert Parcel.objects.count() == 1


def test_cancels_an_order_before_it_ships(world):
    task = world.packed()

    world.shop.cancel_order(order_no="WEB-10045", cancelled_by="buyer", cancelled_reason="changed")

    line = Order.objects.get().lines.get()
    assert (line.cancelled_by_customer, Order.objects.get().status) == (2, "CANCELLED")
    [ct] = world.warehouse.cancellation_tasks(ft_no=task.number)
    assert ct == {
        "ct_no": ct["ct_no"],
        "ft_no": task.number,
        "order_no": "WEB-10045",
        "created_time": ct["created_time"],
        "updated_time": ct["updated_time"],
        "status": "CLOSE",
        "task_details": [
            {
                "ft_detail_id": task.lines.get().number,
                "seller_sku_code": "TEE-RED-M",
                "brand_code": "BR1",
                "brand_sku_code": "BR1-TEE-RED-M",
                "sku_name": "T-shirt red M",
            }
        ],
    }
    assert world.warehouse.cancellation_tasks(status="CREATE") == []
    assert world.warehouse.tasks_by_no(task.number)[0]["status"] == "CANCELLED"
    world.shop.cancel_order(order_no="WEB-10045")


def test_cancels_one_item_with_its_own_reason(world):
    body = world.order()
    body["items"].append(body["items"][0] | {"orig_order_item_id": "90002", "qty": 1})
    task = world.tasked(items=body["items"])

    world.shop.cancel_order(
        order_no="WEB-10045",
        cancelled_by="Seller",
        items=[{"orig_order_item_id": 90002, "cancelled_by": "Upstream_System"}],
    )

    lines = Order.objects.get().lines.order_by("position")
    assert [line.quantity_cancelled for line in lines] == [0, 1]
    assert lines[1].cancelled_by_system == 1
    [ct] = world.warehouse.cancellation_tasks()
    assert (ct["status"], ct["ft_no"], len(ct["task_details"])) == ("CREATE", task.number, 1)
    statuses = [item["order_item_status"] for item in world.shop.orders()[0]["items"]]
    assert statuses == ["PROCESSING", "CANCELLED"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"order_no": "other"}, "404"),
        ({"items": [{"orig_order_item_id": "1"}]}, "404"),
        ({"items": [{}]}, "400"),
        ({"cancelled_by": "Nobody"}, "400"),
    ],
)
def test_a_wrong_cancellation_changes_nothing(world, change, code):
    world.tasked()

    assert refused(world.shop.cancel_order, **{"order_no": "WEB-10045"} | change) == code
    assert Order.objects.get().lines.get().quantity_cancelled == 0


def test_what_has_left_cannot_be_cancelled(world):
    task = world.packed()
    world.warehouse.update_parcel_activity(
        ft_no=task.number,
        fp_parcel_no="PK-1",
        milestone="SHIPPING",
        description="gone",
        event_time=TIME,
    )

    assert refused(world.shop.cancel_order, order_no="WEB-10045") == "409"
    assert Order.objects.get().lines.get().quantity_cancelled == 0


def test_others_orders_cannot_be_cancelled(world, next_door, elsewhere):
    world.tasked()

    for stranger in (next_door.shop, elsewhere.shop):
        assert refused(stranger.cancel_order, order_no="WEB-10045") == "404"
    assert Order.objects.get().lines.get().quantity_cancelled == 0
