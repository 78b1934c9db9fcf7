import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fulfillment.models import Parcel, ParcelMilestone
from oms.accounts.models import ApiClient
from tests.clients.oms4_stdlib import Oms4Error


def refused(call, **members):
    with pytest.raises(Oms4Error) as refusal:
        call(**members)
    return refusal.value.code


def report(parcel, **changes):
    return {
        "order_no": "WEB-10045",
        "us_parcel_no": "USP-1",
        "parcel_id": str(parcel.number),
        "status": "SHIPPING",
        "event_time": "1727400000000",
        **changes,
    }


def test_lists_a_packed_parcel(world):
    world.packed()
    parcel = Parcel.objects.get()

    assert world.shop.parcels(order_no=["WEB-10045"]) == [
        {
            "parcel_id": parcel.number,
            "parcel_type": "NORMAL",
            "created_date": int(parcel.created_at.timestamp() * 1000),
            "fulfillment_point": "Main Warehouse",
            "fp_parcel_no": "PK-1",
            "us_parcel_no": None,
            "status": "PACKED",
            "weight": 1.5,
            "length": 30.0,
            "height": 20.0,
            "width": 10.0,
            "tracking_no": "TRK-1",
            "source_location": None,
            "dest_location": None,
            "waybill_url": None,
            "items": [
                {
                    "orig_order_item_id": 90001,
                    "order_item_status": "PACKED",
                    "sc_spu_id": "SPU-7",
                    "sc_sku_code": "SKU-7-RED",
                    "seller_sku_code": "TEE-RED-M",
                    "sku_name": "T-shirt red M",
                    "qty": 2,
                }
            ],
            "order_no": "WEB-10045",
            "delivery_carrier": "J&T",
            "delivery_type": "Standard",
        }
    ]


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({}, 1),
        ({"fp_parcel_no": ["PK-1"]}, 1),
        ({"fp_parcel_no": ["PK-2"]}, 0),
        ({"tracking_no": "TRK-1"}, 1),
        ({"tracking_no": "TRK-2"}, 0),
        ({"order_no": ["other"]}, 0),
        ({"created_date_from": 1}, 1),
        ({"created_date_to": 1}, 0),
        ({"offset": 1}, 0),
    ],
)
def test_filters_parcels(world, filters, count):
    world.packed()

    assert len(world.shop.parcels(**filters)) == count


def test_a_client_may_have_its_parcels_in_a_container(world):
    ApiClient.objects.update(preferences={"oms4_list_container": "object"})
    world.packed()

    page = world.shop.parcels()

    assert (page["total_count"], page["cursor"], len(page["parcel_list"])) == (1, 1, 1)


def test_a_milestone_of_the_channel_ships_the_parcel(world):
    world.packed()
    parcel = Parcel.objects.get()

    world.shop.update_parcel_status(**report(parcel))
    world.shop.update_parcel_status(**report(parcel))

    assert ParcelMilestone.objects.count() == 1
    [listed] = world.shop.parcels()
    assert (listed["status"], listed["us_parcel_no"]) == ("SHIPPING", "USP-1")
    assert world.shop.orders()[0]["order_status"] == "SHIPPING"


def test_the_latest_event_decides(world):
    world.packed()
    parcel = Parcel.objects.get()

    world.shop.update_parcel_status(**report(parcel, status="DELIVERED", event_time=1727400009000))
    world.shop.update_parcel_status(**report(parcel, status="SHIPPING", event_time=1727400001000))

    assert world.shop.parcels()[0]["status"] == "DELIVERED"
    assert ParcelMilestone.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"parcel_id": "999999"}, "404"),
        ({"parcel_id": "PK-1"}, "404"),
        ({"parcel_id": "9" * 40}, "404"),
        ({"order_no": "other"}, "404"),
        ({"status": "PACKED"}, "400"),
        ({"event_time": ""}, "400"),
    ],
)
def test_a_wrong_report_changes_nothing(world, change, code):
    world.packed()
    parcel = Parcel.objects.get()

    assert refused(world.shop.update_parcel_status, **report(parcel, **change)) == code
    assert ParcelMilestone.objects.exists() is False


def test_another_number_for_the_same_parcel_is_a_conflict(world):
    world.packed()
    parcel = Parcel.objects.get()
    world.shop.update_parcel_status(**report(parcel))

    assert refused(world.shop.update_parcel_status, **report(parcel, us_parcel_no="USP-2")) == "409"


def test_tracks_by_order_and_by_tracking_number(world):
    world.packed()
    parcel = Parcel.objects.get()
    world.shop.update_parcel_status(**report(parcel, status="DELIVERED", event_time=1727400009000))
    world.shop.update_parcel_status(**report(parcel, status="SHIPPING", event_time=1727400001000))
    trace = {
        "order_no": "WEB-10045",
        "parcel_id": parcel.number,
        "fp_parcel_no": "PK-1",
        "us_parcel_no": "USP-1",
        "delivery_carrier": "J&T",
        "tracking_no": "TRK-1",
        "status": "DELIVERED",
        "activities": [
            {"milestone": "SHIPPING", "description": None, "event_time": 1727400001000},
            {"milestone": "DELIVERED", "description": None, "event_time": 1727400009000},
        ],
    }

    assert world.shop.track(order_no=["WEB-10045", "none"]) == [trace]
    assert world.shop.track(tracking_no="TRK-1") == [trace]
    assert world.shop.track(tracking_no=["none"]) == []
    assert refused(world.shop.track) == "400"


def test_others_parcels_do_not_exist(world, next_door, elsewhere):
    world.packed()
    parcel = Parcel.objects.get()

    for stranger in (next_door.shop, elsewhere.shop):
        assert stranger.parcels() == []
        assert stranger.track(tracking_no=["TRK-1"]) == []
        assert refused(stranger.update_parcel_status, **report(parcel)) == "404"
    assert ParcelMilestone.objects.exists() is False


def test_the_number_of_queries_does_not_grow_with_the_parcels(world):
    def statements(call):
        with CaptureQueriesContext(connection) as captured:
            call()
        return len(captured)

    def pack(place):
        task = world.tasked(order_no=f"W-{place}")
        parcel = world.parcel(task, number=f"PK-{place}")
        world.warehouse.set_parcel_packed(ft_no=task.number, parcels=[parcel])

    pack(0)
    world.shop.parcels()
    one = statements(world.shop.parcels)
    traced = statements(lambda: world.shop.track(tracking_no="TRK-1"))
    for place in range(1, 10):
        pack(place)

    assert (one, statements(world.shop.parcels)) == (3, 3)
    assert (traced, statements(lambda: world.shop.track(tracking_no="TRK-1"))) == (4, 4)
