"""Every state of an order with what can be asked of it (contract 4.8): allowed, or 409."""

import datetime as dt

import pytest
from django.utils import timezone

from oms.orders import services as orders
from tests.integration.v1.orders.world import vnd
from tests.integration.v1.shipments.yard import Yard

HOLD = {"reason": "address", "note": "ward missing"}
NEXT = {
    "pending": {"hold", "cancel"},
    "confirmed": {"hold", "cancel"},
    "on_hold": {"release", "cancel"},
    "allocated": {"hold", "cancel"},
    "processing": {"cancel"},
    "partially_shipped": set(),
    "shipped": set(),
    "delivered": set(),
    "completed": set(),
    "cancelled": set(),
    "returned": set(),
}


def bring_to(yard: Yard, status: str) -> dict:
    """A new order in that state."""
    match status:
        case "pending":
            return yard.world.place(payment_method="card")
        case "confirmed":
            return yard.world.place()
        case "on_hold":
            order = yard.order()
            yard.world.patch(order, hold=HOLD)
            return order
        case "allocated":
            return yard.order()
        case "cancelled":
            order = yard.order()
            yard.api.post(f"/orders/{order['id']}/cancel", {"reason": "other"})
            return order
        case _:
            return under_way(yard, status)


def under_way(yard: Yard, status: str) -> dict:
    order = yard.order()
    line = order["lines"][0]["id"]
    some = {"lines": [{"order_line_id": line, "quantity": 1}]}
    shipment = yard.shipped(order, **(some if status == "partially_shipped" else {}))
    if status == "processing":
        return order
    yard.print_labels()
    assert yard.report(shipment, "picked_up", minutes=2).status_code == 201
    if status in {"delivered", "completed"}:
        assert yard.report(shipment, "delivered", minutes=1).status_code == 201
    if status == "completed":
        orders.complete_due(now=timezone.now() + dt.timedelta(days=8))
    if status == "returned":
        come_back(yard, order)
    return order


def come_back(yard: Yard, order: dict) -> None:
    unit = {"order_line_id": order["lines"][0]["id"]}
    made = yard.api.post("/returns", {"order_id": order["id"], "units": [unit, unit]}).json()
    units = [each["id"] for each in made["units"]]
    received = yard.api.post(f"/returns/{made['id']}/receipts", {"units": units})
    assert received.status_code == 200, received.content
    passed = [{"id": each, "qc_status": "pass", "disposition": "restock"} for each in units]
    inspected = yard.api.post(f"/returns/{made['id']}/inspections", {"units": passed})
    assert inspected.status_code == 200, inspected.content


def ask(yard: Yard, order: dict, wish: str):
    if wish == "cancel":
        return yard.api.post(f"/orders/{order['id']}/cancel", {"reason": "customer_request"})
    return yard.world.patch(order, hold=HOLD if wish == "hold" else None)


@pytest.mark.parametrize("wish", ["hold", "release", "cancel"])
@pytest.mark.parametrize("status", list(NEXT))
def test_what_is_not_listed_is_refused(yard, status, wish):
    order = bring_to(yard, status)
    before = yard.world.read(order)
    assert before["status"] == status

    answer = ask(yard, order, wish)

    after = yard.world.read(order)
    if wish in NEXT[status]:
        wanted = {"hold": "on_hold", "cancel": "cancelled", "release": "allocated"}[wish]
        assert (answer.status_code, after["status"]) == (200, wanted)
    elif answer.status_code == 409:
        assert answer.json()["code"] == "invalid_state"
        assert after == before
    else:  # it is so already: no hold to release, or cancelled before, or another note of a hold
        assert answer.status_code == 200
        assert (wish, status) in {
            *(("release", each) for each in NEXT),
            ("cancel", "cancelled"),
            ("hold", "on_hold"),
        }
        assert after["status"] == status


def test_a_frozen_member_is_refused_with_the_state(yard):
    order = bring_to(yard, "processing")

    answer = yard.world.patch(order, shipping_fee=vnd("1"))

    assert (answer.status_code, answer.json()["code"]) == (409, "invalid_state")
    assert answer.json()["current_status"] == "processing"
