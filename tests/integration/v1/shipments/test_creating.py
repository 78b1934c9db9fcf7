from datetime import timedelta

import pytest
from django.utils import timezone

from fulfillment import services
from tests import factories
from tests.integration.v1.orders.world import ADDRESS, codes, vnd
from tests.v1_client import V1

PARCEL = {"weight_g": 600, "length_mm": 300, "width_mm": 200, "height_mm": 50}


def test_the_example_of_the_contract(yard):
    order = yard.order()
    line = order["lines"][0]["id"]

    answer = yard.ship(order, service_level="standard", parcel=PARCEL)

    body = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/v1/shipments/{body['id']}"
    assert answer.headers["ETag"] == f'"v{body["version"]}"'
    assert body["number"].startswith("NS-")
    told = {name: body[name] for name in (
        "order_id", "status", "carrier_code", "service_level", "lines", "tracking_number",
        "tracking_url", "parcel", "cod_amount", "label", "ship_to",
    )}  # fmt: skip
    assert told == {
        "order_id": order["id"],
        "status": "label_pending",
        "carrier_code": "ghn",
        "service_level": "standard",
        "lines": [{"order_line_id": line, "quantity": 2}],
        "tracking_number": None,
        "tracking_url": None,
        "parcel": PARCEL,
        "cod_amount": vnd("270000"),
        "label": {"status": "pending", "format": None, "error": None},
        "ship_to": ADDRESS,
    }


def test_the_order_is_processing_and_names_its_shipment(yard):
    order = yard.order()

    shipment = yard.shipped(order)

    read = yard.world.read(order)
    assert (read["status"], read["shipment_ids"]) == ("processing", [shipment["id"]])


def test_a_part_of_a_line_can_be_shipped(yard):
    order = yard.order()
    line = order["lines"][0]["id"]

    first = yard.shipped(order, lines=[{"order_line_id": line, "quantity": 1}])
    second = yard.shipped(order)

    assert [each["lines"] for each in (first, second)] == [
        [{"order_line_id": line, "quantity": 1}],
        [{"order_line_id": line, "quantity": 1}],
    ]
    assert [each["cod_amount"] for each in (first, second)] == [vnd("270000"), vnd("0")]


def test_more_than_remaining_is_refused_at_the_line(yard):
    order = yard.order()
    line = order["lines"][0]["id"]

    answer = yard.ship(order, lines=[{"order_line_id": line, "quantity": 3}])

    assert answer.status_code == 422
    assert codes(answer) == [("/lines/0/quantity", "out_of_range")]


@pytest.mark.parametrize(
    ("members", "found"),
    [
        ({"lines": [{"order_line_id": "oli_" + "0" * 26, "quantity": 1}]},
         [("/lines/0/order_line_id", "unknown_value")]),
        ({"lines": []}, [("/lines", "required")]),
        ({"carrier_code": "dhl"}, [("/carrier_code", "unknown_value")]),
        ({"tracking_number": "T1"}, [("/tracking_number", "not_allowed")]),
        ({"cod_amount": vnd("270001")}, [("/cod_amount", "out_of_range")]),
        ({"insured_value": {"amount": "1", "currency": "USD"}},
         [("/insured_value/currency", "unknown_value")]),
        ({"parcel": {"weight_g": 0}}, [("/parcel/weight_g", "out_of_range")]),
        ({"parcel": {"weight_g": "600"}}, [("/parcel/weight_g", "invalid_type")]),
    ],
)  # fmt: skip
def test_fields_break_their_rules(yard, members, found):
    order = yard.order()

    answer = yard.ship(order, **members)

    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert [(pointer, code) for pointer, code in codes(answer)] in (
        found, [(found[0][0], "out_of_range")],
    )  # fmt: skip


def test_a_line_is_named_once(yard):
    order = yard.order()
    line = {"order_line_id": order["lines"][0]["id"], "quantity": 1}

    answer = yard.ship(order, lines=[line, line])

    assert codes(answer) == [("/lines/1/order_line_id", "duplicate")]


def test_an_unknown_field_is_refused(yard):
    answer = yard.ship(yard.order(), colour="red")

    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_field")


def test_an_order_that_is_not_allocated_is_no_order_to_ship(yard):
    order = yard.world.place()

    answer = yard.ship(order)

    body = answer.json()
    assert (answer.status_code, body["code"], body["current_status"]) == (
        409,
        "invalid_state",
        "confirmed",
    )
    assert "allocated" in body["allowed"]


def test_a_held_order_is_not_shipped(yard):
    order = yard.order()
    yard.world.patch(order, hold={"reason": "address"})

    answer = yard.ship(order)

    assert (answer.status_code, answer.json()["current_status"]) == (409, "on_hold")


def test_nothing_is_left_to_ship(yard):
    order = yard.order()
    yard.shipped(order)

    answer = yard.ship(order)

    assert (answer.status_code, answer.json()["code"]) == (409, "invalid_state")


def test_another_organizations_order_does_not_exist(yard):
    order = yard.order()
    stranger = V1(factories.make_organization())

    answers = [
        stranger.post("/shipments", {"order_id": order["id"]}),
        yard.ship({"id": "ord_" + "0" * 26}),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_a_location_is_known_and_has_the_units(yard):
    order = yard.order()
    other = factories.make_point(organization=yard.world.organization)
    there = yard.api.get(f"/shipments?location_id={order['id']}")
    known = yard.shipped(yard.order("WEB-2"))["location_id"]
    from oms.api.v1.road import identifiers

    empty = yard.ship(order, location_id=identifiers.of_uuid("loc_", other.public_id))
    unknown = yard.ship(order, location_id="loc_" + "0" * 26)
    right = yard.ship(order, location_id=known)

    assert there.json()["data"] == []
    assert (empty.status_code, empty.json()["code"]) == (409, "insufficient_stock")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_location")
    assert right.status_code == 201


@pytest.mark.parametrize("carrier", ["self", "other"])
def test_own_carriers_start_ready_and_bring_their_tracking(yard, carrier):
    url = "https://track.example.com/T1"

    body = yard.shipped(carrier_code=carrier, tracking_number="T1", tracking_url=url)

    assert (body["status"], body["label"]["status"]) == ("ready_to_ship", "none")
    assert (body["tracking_number"], body["tracking_url"]) == ("T1", url)


def test_a_shipment_keeps_the_address_it_was_made_with(yard):
    order = yard.order()
    line = {"order_line_id": order["lines"][0]["id"], "quantity": 1}
    first = yard.shipped(order, lines=[line])

    services.allocate_due(now=timezone.now() + timedelta(hours=1))
    yard.world.patch(order, note="Other")

    assert yard.read(first)["ship_to"] == ADDRESS


def test_the_same_key_makes_one_shipment(yard):
    order = yard.order()
    body = {"order_id": order["id"], "carrier_code": "ghn"}

    first = yard.api.post("/shipments", body, key="K1")
    again = yard.api.post("/shipments", body, key="K1")

    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(yard.api.get("/shipments").json()["data"]) == 1
