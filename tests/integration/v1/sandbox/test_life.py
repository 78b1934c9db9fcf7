"""The whole life of an order, by calls alone."""

import datetime as dt

from oms.api.v1.sandbox.examples import ADVANCED, DELIVERED_ALL
from tests.factories import relay_everything


def test_a_life_takes_four_calls(world):
    order = world.place()
    shipped = world.api.post("/sandbox/ship-everything", {"until": "shipped"}).json()
    after_shipping = world.read(order)["status"]
    delivered = world.api.post("/sandbox/ship-everything", {"until": "delivered"}).json()
    after_delivery = world.read(order)["status"]
    moved = world.api.post("/sandbox/clock", {"advance_seconds": 7 * 86_400}).json()

    seen = world.read(order)
    [shipment] = world.api.get(f"/shipments?order_id={order['id']}").json()["data"]

    assert shipped == {
        "orders": 1,
        "shipments_created": 1,
        "shipments_picked_up": 1,
        "shipments_delivered": 0,
        "not_served": [],
        "remaining": 0,
    }
    assert delivered == {
        **shipped,
        "shipments_created": 0,
        "shipments_picked_up": 0,
        "shipments_delivered": 1,
    }
    assert [after_shipping, after_delivery, seen["status"]] == ["shipped", "delivered", "completed"]
    assert moved["orders_completed"] == 1
    assert moved["advanced_seconds"] == 7 * 86_400
    assert shipment["status"] == "delivered"
    assert shipment["id"] in seen["shipment_ids"]
    assert _level(world) == {"on_hand": 8, "reserved": 0}


def test_what_happens_later_has_the_time_of_the_clock(world):
    moved = world.api.post("/sandbox/clock", {"advance_seconds": 86_400}).json()
    order = world.place()
    world.api.post("/sandbox/ship-everything", {})

    [shipment] = world.api.get(f"/shipments?order_id={order['id']}").json()["data"]

    times = [order["created_at"], shipment["picked_up_at"], shipment["delivered_at"]]
    assert all(_time(moved["now"]) <= _time(at) <= _time(moved["now"]) + _MINUTE for at in times)


def test_news_tells_the_same_life(world):
    order = world.place()
    world.api.post("/sandbox/ship-everything", {})
    world.api.post("/sandbox/clock", {"advance_seconds": 7 * 86_400})
    relay_everything()

    found = world.api.get(f"/events?subject={order['id']}&limit=200").json()["data"]

    told = [each["type"] for each in found]
    assert told[0] == "order.created"
    assert set(told[1:]) == {"order.status_changed"}
    assert _time(found[-1]["created_at"]) - _time(found[-2]["created_at"]) >= dt.timedelta(days=7)


def test_the_examples_of_the_document_can_be_sent(world):
    world.place()

    shipped = world.api.post("/sandbox/ship-everything", DELIVERED_ALL.value)
    moved = world.api.post("/sandbox/clock", ADVANCED.value)

    assert shipped.json()["shipments_delivered"] == 1
    assert moved.json()["orders_completed"] == 1


_MINUTE = dt.timedelta(minutes=1)


def _time(text):
    return dt.datetime.fromisoformat(text)


def _level(world):
    totals = world.api.get(f"/inventory/{world.sku.code}").json()["totals"]
    return {name: totals[name] for name in ("on_hand", "reserved")}
