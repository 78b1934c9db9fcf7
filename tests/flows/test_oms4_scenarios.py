"""The three delivery scenarios of the contract, over HTTP against the real web server."""

import base64
import io
import itertools

import pytest
from django.core.management import call_command
from django.utils import timezone

from channels_app.choices import DeliveryScenario
from fulfillment import services as fulfillment
from fulfillment.models import Document
from oms.events import relay
from tests.api.oms4.world import World
from tests.clients.oms4_stdlib import Oms4Error
from tests.factories import level_of

SHIPPED_AT = 1727360000000
_serial = itertools.count(1)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("shared_documents"),
]


@pytest.fixture
def start(live, transactional_db):
    """Begin a scenario; at its end nothing that must always hold is broken."""
    worlds = []

    def build(delivery):
        world = World.build(prefix=f"F{next(_serial)}-", delivery=delivery).connected(live.url)
        worlds.append(world)
        return world

    yield build
    for world in worlds:
        world.shop.close()
        world.warehouse.close()
    call_command("verify_invariants", stdout=io.StringIO())


def fetch_labels():
    """What a worker does between two calls."""
    for document_id in Document.objects.filter(status="PENDING").values_list("pk", flat=True):
        fulfillment.fetch_label(document_id=document_id, now=timezone.now())


def taken(world, **changes):
    """An order as the warehouse gets it: allocated and delivered to it as a task."""
    world.shop.create_order(world.order(**changes))
    world.allocate()
    [task] = world.warehouse.tasks(status="CREATED")
    return task


def worked(world, task):
    for place, milestone in enumerate(["RECEIVED", "PICKING", "PICKED"]):
        world.warehouse.update_activity(
            ft_no=task["ft_no"],
            milestone=milestone,
            description=milestone.lower(),
            event_time=SHIPPED_AT - 1000 + place,
        )


def box(number, details, **changes):
    return {
        "fp_parcel_no": number,
        "parcel_packed_time": SHIPPED_AT - 500,
        "weight": 1.5,
        "parcel_items": [
            {
                "ft_detail_id": str(detail["task_detail_id"]),
                "brand_code": detail["brand_code"],
                "brand_sku_code": detail["brand_sku_code"],
            }
            for detail in details
        ],
        **changes,
    }


def status_of(world):
    [order] = world.shop.orders()
    return order["order_status"]


def pdf(parcel):
    return base64.b64decode(parcel["shipping_label"])[:5]


def test_one_parcel_by_the_channels_carrier(start):
    world = start(DeliveryScenario.CHANNEL_CARRIER_SINGLE)
    task = taken(world)
    assert (status_of(world), task["allow_ft_split"]) == ("PROCESSING", 0)
    fetch_labels()
    [before] = world.warehouse.shipping_info(task["ft_no"])[0]["parcels"]
    assert (before["fp_parcel_no"], pdf(before)) == (None, b"%PDF-")

    worked(world, task)
    packing = {"ft_no": task["ft_no"], "parcels": [box("PK-1", task["task_details"])]}
    world.warehouse.set_parcel_packed(**packing)
    world.warehouse.set_parcel_packed(**packing)

    [parcel] = world.shop.parcels(order_no=["WEB-10045"])
    assert (parcel["parcel_id"], parcel["fp_parcel_no"]) == (before["parcel_id"], "PK-1")
    assert (parcel["status"], status_of(world)) == ("PACKED", "PACKED")
    assert level_of(world.point, world.sku).reserved == 2
    for place, status in enumerate(["SHIPPING", "PENDING DELIVERY", "DELIVERED"]):
        world.shop.update_parcel_status(
            order_no="WEB-10045",
            us_parcel_no="USP-1",
            parcel_id=str(parcel["parcel_id"]),
            status=status,
            event_time=str(SHIPPED_AT + place),
        )
        assert status_of(world) == status
    level = level_of(world.point, world.sku)
    assert (level.on_hand, level.reserved) == (98, 0)
    assert world.warehouse.tasks_by_no(task["ft_no"])[0]["status"] == "DELIVERED"


def test_several_parcels_by_the_channels_carrier(start):
    world = start(DeliveryScenario.CHANNEL_CARRIER_MULTI)
    [item] = world.order()["items"]
    items = [item | {"orig_order_item_id": line, "qty": 1} for line in ("90001", "90002")]
    task = taken(world, upstream_allow_split=1, items=items)
    first, second = task["task_details"]
    assert (task["allow_ft_split"], first["qty"], second["qty"]) == (1, 1, 1)
    assert world.warehouse.shipping_info(task["ft_no"])[0]["parcels"] == []

    worked(world, task)
    world.warehouse.set_parcel_packed(ft_no=task["ft_no"], parcels=[box("PK-1", [first])])
    assert status_of(world) == "PROCESSING"
    world.warehouse.set_parcel_packed(ft_no=task["ft_no"], parcels=[box("PK-2", [second])])
    assert status_of(world) == "PACKED"
    fetch_labels()

    parcels = world.warehouse.shipping_info(task["ft_no"])[0]["parcels"]
    assert [parcel["fp_parcel_no"] for parcel in parcels] == ["PK-1", "PK-2"]
    assert [pdf(parcel) for parcel in parcels] == [b"%PDF-", b"%PDF-"]
    assert len({parcel["tracking_no"] for parcel in parcels}) == 2
    for place, parcel in enumerate(world.shop.parcels()):
        world.shop.update_parcel_status(
            order_no="WEB-10045",
            us_parcel_no=f"USP-{place}",
            parcel_id=str(parcel["parcel_id"]),
            status="DELIVERED",
            event_time=SHIPPED_AT + place,
        )
    assert status_of(world) == "DELIVERED"
    assert level_of(world.point, world.sku).on_hand == 98


def test_one_parcel_by_the_warehouses_own_carrier(start):
    world = start(DeliveryScenario.OWN_CARRIER)
    task = taken(world)
    worked(world, task)
    without = {"ft_no": task["ft_no"], "parcels": [box("PK-1", task["task_details"])]}
    with pytest.raises(Oms4Error) as refusal:
        world.warehouse.set_parcel_packed(**without)
    assert refusal.value.code == "400"

    own = {"actual_delivery_partner": "Own Fleet", "tracking_no": "TRK-1"}
    own |= {"actual_delivery_type": "Standard"}
    world.warehouse.set_parcel_packed(
        ft_no=task["ft_no"], parcels=[box("PK-1", task["task_details"], **own)]
    )
    for place, milestone in enumerate(["SHIPPING", "PENDING DELIVERY", "DELIVERED"]):
        world.warehouse.update_parcel_activity(
            ft_no=task["ft_no"],
            fp_parcel_no="PK-1",
            milestone=milestone,
            description=f"step {place}",
            event_time=SHIPPED_AT + place,
        )
        assert status_of(world) == milestone

    [trace] = world.shop.track(tracking_no="TRK-1")
    assert (trace["delivery_carrier"], trace["status"]) == ("Own Fleet", "DELIVERED")
    assert [each["milestone"] for each in trace["activities"]] == [
        "SHIPPING",
        "PENDING DELIVERY",
        "DELIVERED",
    ]


def test_a_packed_item_is_cancelled_and_its_stock_is_free_again(start):
    world = start(DeliveryScenario.CHANNEL_CARRIER_SINGLE)
    task = taken(world)
    fetch_labels()
    world.warehouse.set_parcel_packed(
        ft_no=task["ft_no"], parcels=[box("PK-1", task["task_details"])]
    )

    world.shop.cancel_order(
        order_no="WEB-10045",
        cancelled_by="Buyer",
        cancelled_time=SHIPPED_AT,
        items=[{"orig_order_item_id": "90001"}],
    )

    assert status_of(world) == "CANCELLED"
    [ct] = world.warehouse.cancellation_tasks()
    assert (ct["ft_no"], ct["status"]) == (task["ft_no"], "CLOSE")
    assert world.shop.parcels()[0]["status"] == "CANCELLED"
    level = level_of(world.point, world.sku)
    assert (level.on_hand, level.reserved) == (100, 0)
    with pytest.raises(Oms4Error) as refusal:
        world.warehouse.set_parcel_packed(
            ft_no=task["ft_no"], parcels=[box("PK-2", task["task_details"])]
        )
    assert refusal.value.code == "409"


def test_an_order_without_stock_waits_for_the_warehouses_count(start):
    world = start(DeliveryScenario.OWN_CARRIER)
    record = {"brand_code": "BR1", "brand_sku_code": world.sku.brand_sku_code}
    world.warehouse.sync_inventory(record | {"qty": 1})
    world.shop.create_order(world.order())
    world.allocate()
    assert (status_of(world), world.warehouse.tasks()) == ("PAID", [])

    world.warehouse.sync_inventory(record | {"qty": 2})
    relay.relay_batch(now=timezone.now())
    world.allocate()

    assert status_of(world) == "PROCESSING"
    [task] = world.warehouse.tasks()
    assert [detail["qty"] for detail in task["task_details"]] == [2]
