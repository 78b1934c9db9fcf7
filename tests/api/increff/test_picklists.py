"""APIs 5 and 6: releasing orders to be picked together."""

import pytest

from fulfillment.choices import TaskStatus
from fulfillment.models import FulfillmentTask, Picklist
from oms.events.models import Event
from tests.api.increff.dock_world import SHIRT, SOCKS, Dock, cancel, hold

pytestmark = pytest.mark.django_db


@pytest.fixture
def dock():
    return Dock.build()


def release(dock, *codes, **body):
    """Ask for a picklist of these orders."""
    listed = [{"orderCode": code} for code in codes]
    return dock.wms.create_picklist(**{**dock.place, "orderList": listed, **body})


def add(dock, number, *codes, **body):
    """Ask for these orders on a picklist that is there."""
    listed = [{"orderCode": code} for code in codes]
    return dock.wms.add_to_picklist(
        **{**dock.place, "pickListId": number, "orderList": listed, **body}
    )


def on_lists(task):
    """The numbers of the picklists a task is on."""
    return list(Picklist.objects.filter(entries__task=task).values_list("number", flat=True))


def test_the_example_of_the_contract_releases_two_orders(dock):
    first, second = dock.order("WS-5512"), dock.order("WS-5513")

    answer = dock.wms.create_picklist(
        channelName="WEBSHOP",
        locationCode="EFS-BLR",
        pickListCode="PK-31",
        orderList=[{"orderCode": "WS-5512"}, {"orderCode": "WS-5513"}],
    )

    picklist = Picklist.objects.get()
    assert answer.status_code == 200
    assert answer.json() == {"pickListId": picklist.number}
    assert picklist.external_code == "PK-31"
    assert (on_lists(first), on_lists(second)) == ([picklist.number], [picklist.number])
    assert picklist.number < 2**31


def test_the_old_keys_are_understood(dock):
    dock.order("WS-5512")

    answer = dock.wms.create_picklist(
        channelId="WEBSHOP", locationCode="EFS-BLR", orderList=[{"channelOrderId": "WS-5512"}]
    )

    assert answer.status_code == 200
    assert answer.json() == {"pickListId": Picklist.objects.get().number}


def test_the_same_code_and_orders_again_are_answered_as_the_first_time(dock):
    dock.order("WS-5512"), dock.order("WS-5513")
    first = release(dock, "WS-5512", "WS-5513", pickListCode="PK-31")
    events = Event.objects.count()

    again = release(dock, "WS-5513", "WS-5512", pickListCode="PK-31")

    assert (again.status_code, again.content) == (200, first.content)
    assert Picklist.objects.count() == 1
    assert Event.objects.count() == events


def test_the_same_code_with_other_orders_contradicts(dock):
    dock.order("WS-5512"), dock.order("WS-5513")
    release(dock, "WS-5512", pickListCode="PK-31")

    answer = release(dock, "WS-5513", pickListCode="PK-31")

    assert answer.status_code == 400
    assert answer.json()["code"] == "RESOURCE_EXISTS"
    assert Picklist.objects.count() == 1


def test_an_order_that_was_released_is_refused_without_a_code(dock):
    dock.order("WS-5512")
    release(dock, "WS-5512")

    answer = release(dock, "WS-5512")

    assert answer.status_code == 400
    assert answer.json() == {
        "code": "BAD_DATA",
        "message": "Order is already released: WS-5512",
        "description": "[WS-5512: Order is already released: WS-5512]",
    }


def test_every_bad_order_is_named_and_nothing_is_released(dock):
    held, gone, good = dock.order("WS-1"), dock.order("WS-2"), dock.order("WS-3")
    hold(held), cancel(gone)

    answer = release(dock, "WS-3", "WS-1", "WS-2", "WS-9")

    assert answer.status_code == 400
    assert answer.json() == {
        "code": "BAD_DATA",
        "message": "Order is on hold: WS-1",
        "description": (
            "[WS-1: Order is on hold: WS-1, WS-2: Order is cancelled: WS-2, "
            "WS-9: Order not found: WS-9]"
        ),
    }
    assert on_lists(good) == []


def test_held_and_cancelled_orders_are_refused_together(dock):
    held, gone = dock.order("WS-1"), dock.order("WS-2")
    hold(held), cancel(gone)

    answer = release(dock, "WS-1", "WS-2")

    assert answer.status_code == 400
    assert answer.json()["description"] == (
        "[WS-1: Order is on hold: WS-1, WS-2: Order is cancelled: WS-2]"
    )
    assert not Picklist.objects.exists()


def test_a_packed_order_is_not_released(dock):
    dock.order("WS-5512")
    assert dock.pack("WS-5512").status_code == 200

    answer = release(dock, "WS-5512")

    assert answer.status_code == 400
    assert answer.json()["message"] == "Order is already packed: WS-5512"


def test_an_order_twice_is_refused(dock):
    dock.order("WS-5512")

    answer = release(dock, "WS-5512", "WS-5512")

    assert answer.status_code == 400
    assert answer.json()["message"] == "Duplicate order in request: WS-5512"
    assert not Picklist.objects.exists()


def test_an_order_of_another_shop_is_not_found(dock):
    other = Dock.build(organization=dock.organization, prefix="X")
    other.order("WS-7")

    answer = release(dock, "WS-7")

    assert answer.status_code == 400
    assert answer.json()["message"] == "Order not found: WS-7"


def test_five_hundred_orders_are_the_most(dock):
    answer = release(dock, *(f"WS-{number}" for number in range(501)))

    assert answer.status_code == 400
    assert answer.json()["message"] == "Max 500 items allowed"


@pytest.mark.parametrize("missing", ["channelName", "locationCode", "orderList"])
def test_what_is_required_must_be_there(dock, missing):
    dock.order("WS-5512")
    body = {**dock.place, "orderList": [{"orderCode": "WS-5512"}]}
    del body[missing]

    answer = dock.wms.create_picklist(**body)

    assert answer.status_code == 400
    assert answer.json() == {
        "code": "BAD_DATA",
        "message": "Input validation failed",
        "description": f"[{missing}: may not be null]",
    }


def test_the_example_of_the_contract_adds_an_order(dock):
    dock.order("WS-5512")
    third = dock.order("WS-5514")
    number = release(dock, "WS-5512").json()["pickListId"]

    answer = dock.wms.add_to_picklist(
        pickListId=number,
        channelName="WEBSHOP",
        locationCode="EFS-BLR",
        orderList=[{"orderCode": "WS-5514"}],
    )

    assert (answer.status_code, answer.content) == (200, b"")
    assert on_lists(third) == [number]


def test_an_order_that_is_on_the_list_is_skipped(dock):
    first, second = dock.order("WS-5512"), dock.order("WS-5513")
    number = release(dock, "WS-5512").json()["pickListId"]

    answer = add(dock, str(number), "WS-5512", "WS-5513")

    assert (answer.status_code, answer.content) == (200, b"")
    assert (on_lists(first), on_lists(second)) == ([number], [number])


def test_an_order_of_another_list_is_refused(dock):
    dock.order("WS-5512"), dock.order("WS-5513")
    release(dock, "WS-5512")
    number = release(dock, "WS-5513").json()["pickListId"]

    answer = add(dock, number, "WS-5512")

    assert answer.status_code == 400
    assert answer.json()["message"] == "Order is already released: WS-5512"


def test_a_list_nobody_knows_is_refused(dock):
    dock.order("WS-5512")

    answer = add(dock, 987654, "WS-5512")

    assert answer.status_code == 400
    assert answer.json()["message"] == "Picklist not found: 987654"


def test_a_list_of_another_organization_is_not_found(dock):
    dock.order("WS-5512")
    other = Dock.build()
    other.order("WS-8")
    number = release(other, "WS-8").json()["pickListId"]

    answer = add(dock, number, "WS-5512")

    assert answer.status_code == 400
    assert answer.json()["message"] == f"Picklist not found: {number}"


def test_a_list_of_another_channel_takes_no_order_of_this_one(dock):
    dock.order("WS-5512")
    number = release(dock, "WS-5512").json()["pickListId"]
    shop = dock.second_shop("CORNER")
    task = dock.order("CS-1", channel=shop)

    answer = add(dock, number, "CS-1", channelName="CORNER")

    assert answer.status_code == 400
    assert answer.json()["message"] == "Invalid channel: CORNER"
    assert on_lists(task) == []


def test_a_list_whose_orders_are_packed_is_closed(dock):
    dock.order("WS-5512"), dock.order("WS-5513")
    number = release(dock, "WS-5512").json()["pickListId"]
    assert dock.pack("WS-5512").status_code == 200

    answer = add(dock, number, "WS-5513")

    assert answer.status_code == 400
    assert answer.json()["message"] == f"Picklist is closed: {number}"


def test_an_order_on_a_list_can_be_packed(dock):
    task = dock.order("WS-5512", [(SHIRT, 1), (SOCKS, 2)])
    release(dock, "WS-5512")

    answer = dock.pack("WS-5512", [(SHIRT, 1), (SOCKS, 2)])

    assert answer.status_code == 200
    assert FulfillmentTask.objects.get(pk=task.pk).status == TaskStatus.PACKED
