import datetime as dt

import pytest
from django.utils import timezone

from fulfillment import services as fulfillment
from fulfillment.choices import ParcelStatus
from fulfillment.models import FulfillmentTask
from oms.inventory.models import StockLevel
from oms.kernel.actors import SYSTEM
from oms.orders import services
from oms.orders.models import Order
from tests.factories import NOW
from tests.integration.v1.orders.world import codes, vnd


def placed(world, *quantities):
    lines = [{"sku": "TEE-RED-M", "quantity": n, "unit_price": vnd("10")} for n in quantities]
    return world.api.post("/orders?require_stock=true", world.order(lines=lines)).json()


def pack(position: int = 0, *, ships: bool) -> None:
    """Pack one line of the only task, and let the parcel leave."""
    task = FulfillmentTask.objects.get()
    line = task.lines.order_by("pk")[position]
    fulfillment.pack_parcels(
        request=fulfillment.PackRequest(
            task_number=task.number,
            order_external_id=None,
            parcels=(
                fulfillment.PackedParcel(
                    point_parcel_no=f"B{position}", packed_at=NOW, line_numbers=(line.number,)
                ),
            ),
        ),
        actor=SYSTEM,
        now=NOW,
    )
    if ships:
        fulfillment.report_milestone(
            report=fulfillment.MilestoneReport(
                task_number=task.number,
                point_parcel_no=f"B{position}",
                milestone=ParcelStatus.SHIPPED,
                occurred_at=NOW,
            ),
            actor=SYSTEM,
            now=NOW,
        )


def cancel(world, order, **members):
    return world.api.post(f"/orders/{order['id']}/cancel", {"reason": "customer_request"} | members)


def wish(world, order, **members):
    body = {"reason": "customer_request"} | members
    return world.api.post(f"/orders/{order['id']}/cancellation-requests", body)


def decide(world, request, decision="accept"):
    path = f"/cancellation-requests/{request['id']}/decision"
    return world.api.post(path, {"decision": decision, "note": ""})


def test_cancelling_gives_the_stock_back_and_keeps_why(world):
    order = placed(world, 2)

    body = cancel(world, order, note="changed mind").json()

    assert body["status"] == "cancelled"
    cancelled_at = body["cancellation"].pop("cancelled_at")
    assert body["cancellation"] == {"reason": "customer_request", "note": "changed mind"}
    assert cancelled_at == body["updated_at"]
    assert (body["lines"][0]["quantity_cancelled"], StockLevel.objects.get().reserved) == (2, 0)


def test_what_is_cancelled_stays_so(world):
    order = placed(world, 2)
    cancel(world, order)

    answer = cancel(world, order)

    assert (answer.status_code, answer.json()["current_status"]) == (409, "cancelled")
    assert answer.json()["allowed"] == []


def test_an_order_of_which_a_parcel_has_left_is_not_cancelled(world):
    order = placed(world, 1, 1)
    pack(ships=True)

    answer = cancel(world, order)

    assert (answer.status_code, answer.json()["current_status"]) == (409, "partially_shipped")
    assert "cancellation" in world.read(order)
    assert world.read(order)["cancellation"] is None


def test_a_packed_order_is_processing_and_can_be_cancelled(world):
    order = placed(world, 1)
    pack(ships=False)
    before = world.read(order)

    after = cancel(world, order).json()

    assert (before["status"], len(before["shipment_ids"])) == ("processing", 1)
    assert after["status"] == "cancelled"


def test_an_unknown_reason_is_refused(world):
    answer = cancel(world, world.place(), reason="bored")

    assert (answer.status_code, codes(answer)) == (422, [("/reason", "unknown_value")])


def test_a_wish_is_kept_until_somebody_decides(world):
    order = placed(world, 2)

    answer = wish(world, order)

    request = answer.json()
    assert answer.status_code == 201
    assert (request["order_id"], request["status"], request["lines"]) == (order["id"], "open", None)
    listed = world.api.get(f"/orders/{order['id']}/cancellation-requests").json()
    assert listed["data"] == [request]
    assert world.read(order)["status"] == "allocated"


def test_accepting_cancels_the_order(world):
    order = placed(world, 2)
    request = wish(world, order).json()

    decided = decide(world, request).json()

    assert (decided["status"], decided["not_cancelled"]) == ("accepted", [])
    after = world.read(order)
    assert (after["status"], after["cancellation"]["reason"]) == ("cancelled", "customer_request")
    assert StockLevel.objects.get().reserved == 0


def test_rejecting_changes_nothing_but_the_wish(world):
    order = placed(world, 2)
    request = wish(world, order).json()

    decided = decide(world, request, "reject").json()

    assert decided["status"] == "rejected"
    assert world.read(order)["status"] == "allocated"


def test_a_decision_stands(world):
    order = placed(world, 2)
    request = wish(world, order).json()
    decide(world, request, "reject")

    answer = decide(world, request)

    assert (answer.status_code, answer.json()["code"]) == (409, "invalid_state")


@pytest.mark.parametrize("units", [1, 2])
def test_some_units_of_a_line_can_be_cancelled(world, units):
    order = placed(world, 3, 1)
    line = {"order_line_id": order["lines"][0]["id"], "quantity": units}
    request = wish(world, order, lines=[line]).json()

    decided = decide(world, request).json()

    assert (request["lines"], decided["not_cancelled"]) == ([line], [])
    after = world.read(order)
    assert [each["quantity_cancelled"] for each in after["lines"]] == [units, 0]
    assert [each["quantity_allocated"] for each in after["lines"]] == [3 - units, 1]
    assert StockLevel.objects.get().reserved == 4 - units
    assert after["status"] == "allocated"


def test_units_of_an_order_that_waits_for_stock_can_be_cancelled(world):
    order = world.place(lines=[{"sku": "TEE-RED-M", "quantity": 11, "unit_price": vnd("10")}])
    fulfillment.allocate_due(now=timezone.now())
    line = {"order_line_id": order["lines"][0]["id"], "quantity": 4}

    decide(world, wish(world, order, lines=[line]).json())

    after = world.read(order)
    assert (after["backordered"], after["lines"][0]["quantity_cancelled"]) == (True, 4)


def test_what_has_left_is_answered_as_not_cancelled(world):
    order = placed(world, 1, 2)
    request = wish(world, order).json()
    pack(ships=True)

    decided = decide(world, request).json()

    first = order["lines"][0]["id"]
    assert decided["not_cancelled"] == [{"order_line_id": first, "quantity": 1}]
    after = world.read(order)
    assert [each["quantity_cancelled"] for each in after["lines"]] == [0, 2]
    assert after["status"] == "shipped"


def test_cancelling_a_unit_voids_the_box_it_is_in(world):
    order = placed(world, 2)
    pack(ships=False)
    line = {"order_line_id": order["lines"][0]["id"], "quantity": 1}

    decide(world, wish(world, order, lines=[line]).json())

    after = world.read(order)
    assert (after["status"], after["lines"][0]["quantity_allocated"]) == ("allocated", 1)
    assert StockLevel.objects.get().reserved == 1


def test_a_line_is_asked_for_once_at_a_time(world):
    order = placed(world, 2)
    wish(world, order)

    answer = wish(world, order)

    assert (answer.status_code, answer.json()["code"]) == (409, "invalid_state")


def test_more_units_than_there_are_cannot_be_asked_for(world):
    order = placed(world, 2)
    line = {"order_line_id": order["lines"][0]["id"], "quantity": 3}

    answer = wish(world, order, lines=[line])

    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")


def test_a_wish_nobody_decides_expires(world):
    order = placed(world, 2)
    request = wish(world, order).json()

    early = services.expire_cancel_requests(now=timezone.now() + dt.timedelta(days=6))
    late = services.expire_cancel_requests(now=timezone.now() + dt.timedelta(days=8))

    assert (early, late) == (0, 1)
    listed = world.api.get(f"/orders/{order['id']}/cancellation-requests").json()
    assert (listed["data"][0]["id"], listed["data"][0]["status"]) == (request["id"], "expired")


def test_a_delivered_order_is_completed_after_a_week(world):
    order = placed(world, 1)
    pack(ships=True)
    fulfillment.report_milestone(
        report=fulfillment.MilestoneReport(
            task_number=FulfillmentTask.objects.get().number,
            point_parcel_no="B0",
            milestone=ParcelStatus.DELIVERED,
            occurred_at=NOW,
        ),
        actor=SYSTEM,
        now=NOW,
    )
    delivered = world.read(order)["status"]

    early = services.complete_due(now=NOW + dt.timedelta(days=6))
    late = services.complete_due(now=NOW + dt.timedelta(days=7))

    assert (delivered, early, late) == ("delivered", 0, 1)
    assert world.read(order)["status"] == "completed"
    assert Order.objects.get().completed_at == NOW + dt.timedelta(days=7)
    assert services.complete_due(now=NOW + dt.timedelta(days=8)) == 0
