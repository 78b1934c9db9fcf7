"""Bundles in the open API: named by their code, counted in sets."""

import pytest

from tests.factories import make_bundle, make_sku
from tests.integration.v1.orders.world import codes, vnd
from tests.integration.v1.shipments.yard import Yard

pytestmark = pytest.mark.django_db


@pytest.fixture
def gift(world):
    mug = make_sku(point=world.point, on_hand=10, code="MUG", name="Mug")
    return make_bundle(parts=[(world.sku, 1), (mug, 2)], code="GIFT", name="Gift")


@pytest.fixture
def yard(world, gift):
    return Yard(world)


def lines(*wanted):
    return [{"sku": sku, "quantity": n, "unit_price": vnd("100000")} for sku, n in wanted]


def test_a_bundle_is_one_line(world, gift):
    placed = world.place(lines=lines(("GIFT", 2), ("MUG", 1)))

    told = [(line["sku"], line["name"], line["quantity"]) for line in placed["lines"]]
    assert told == [("GIFT", "Gift", 2), ("MUG", "Mug", 1)]
    assert placed["subtotal"] == vnd("300000")


def test_one_that_is_off_is_unknown(world, gift):
    gift.is_active = False
    gift.save()

    answer = world.api.post("/orders", world.order(lines=lines(("GIFT", 1))))

    assert (answer.status_code, codes(answer)[0][0]) == (422, "/lines/0/sku")


def test_its_quantities_are_sets(yard):
    order = yard.order(lines=lines(("GIFT", 3)))

    two = {"order_line_id": order["lines"][0]["id"], "quantity": 2}
    shipment = yard.shipped(order, lines=[two], carrier_code="self")
    assert yard.report(shipment, "picked_up").status_code == 201

    [line] = yard.world.read(order)["lines"]
    assert shipment["lines"] == [{"order_line_id": line["id"], "quantity": 2}]
    assert (line["quantity_allocated"], line["quantity_shipped"]) == (3, 2)


def test_orders_are_found_by_a_bundle_and_by_what_is_in_it(world, gift):
    placed = world.place(lines=lines(("GIFT", 1)))
    world.place("WEB-2", lines=lines(("TEE-RED-M", 1)))

    found = {
        sku: [each["id"] for each in world.api.get(f"/orders?sku={sku}").json()["data"]]
        for sku in ("GIFT", "MUG")
    }

    assert found == {"GIFT": [placed["id"]], "MUG": [placed["id"]]}


def test_a_line_is_patched_in_sets(world, gift):
    placed = world.place(lines=lines(("GIFT", 1)))

    answer = world.patch(placed, lines=[{"id": placed["lines"][0]["id"], **lines(("GIFT", 4))[0]}])

    assert answer.status_code == 200, answer.content
    assert answer.json()["lines"][0]["quantity"] == 4
    assert answer.json()["subtotal"] == vnd("400000")


def test_some_sets_are_cancelled_on_request(yard):
    order = yard.order(lines=lines(("GIFT", 3)))
    line = order["lines"][0]["id"]

    asked = yard.api.post(
        f"/orders/{order['id']}/cancellation-requests",
        {
            "reason": "customer_request",
            "lines": [{"order_line_id": line, "quantity": 1}],
        },
    )
    path = f"/cancellation-requests/{asked.json()['id']}/decision"
    decided = yard.api.post(path, {"decision": "accept", "note": ""})

    assert decided.status_code == 200, decided.content
    [told] = yard.world.read(order)["lines"]
    assert (told["quantity_cancelled"], told["quantity_allocated"]) == (1, 2)


def returned(yard, *units):
    order = yard.order(lines=lines(("GIFT", 2)))
    shipment = yard.shipped(order, carrier_code="self")
    assert yard.report(shipment, "picked_up").status_code == 201
    line = order["lines"][0]["id"]
    said = [{name: line if value is ... else value for name, value in each.items()}
            for each in units]  # fmt: skip
    return line, yard.api.post("/returns", {"order_id": order["id"], "units": said})


@pytest.mark.parametrize(
    ("units", "skus"),
    [
        ([{"order_line_id": ...}], ["TEE-RED-M", "MUG", "MUG"]),
        ([{"sku": "GIFT"}], ["TEE-RED-M", "MUG", "MUG"]),
        ([{"order_line_id": ..., "sku": "MUG"}], ["MUG"]),
        ([{"sku": "MUG"}, {"sku": "MUG"}], ["MUG", "MUG"]),
        ([{"order_line_id": ...}, {"sku": "GIFT"}], ["TEE-RED-M", "MUG", "MUG"] * 2),
    ],
)
def test_sets_and_parts_of_them_come_back(yard, units, skus):
    line, answer = returned(yard, *units)

    assert answer.status_code == 201, answer.content
    told = answer.json()["units"]
    assert [unit["sku"] for unit in told] == skus
    assert {unit["order_line_id"] for unit in told} == {line}


@pytest.mark.parametrize(
    "units", [[{"sku": "GIFT"}] * 3, [{"order_line_id": ..., "sku": "MUG"}] * 5]
)
def test_no_more_come_back_than_left(yard, units):
    _, answer = returned(yard, *units)

    assert answer.status_code == 409, answer.content
    assert answer.json()["code"] == "invalid_state"
