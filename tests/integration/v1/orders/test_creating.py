import re

import pytest

from oms.api.v1.road import identifiers
from oms.inventory.models import StockLevel
from oms.orders.models import Order
from tests import factories
from tests.integration.v1.orders.world import ADDRESS, codes, vnd
from tests.v1_client import V1


def test_the_contracts_order_comes_back_as_the_contract_shows_it(world):
    answer = world.api.post("/orders", world.order())

    body = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/v1/orders/{body['id']}"
    assert answer.headers["ETag"] == '"v1"'
    assert re.fullmatch("ord_[0-9A-Z]{26}", body["id"])
    assert re.fullmatch("NH-[0-9]{8}", body["number"])
    line = body["lines"][0]
    assert re.fullmatch("oli_[0-9A-Z]{26}", line.pop("id"))
    assert line == {
        "external_line_id": None,
        "sku": "TEE-RED-M",
        "name": "Tee red M",
        "quantity": 2,
        "unit_price": vnd("125000"),
        "discount": vnd("0"),
        "total": vnd("250000"),
        "quantity_allocated": 0,
        "quantity_shipped": 0,
        "quantity_cancelled": 0,
        "quantity_returned": 0,
    }
    for name in ("id", "number", "lines", "created_at", "updated_at"):
        del body[name]
    assert body == {
        "external_id": "WEB-1001",
        "channel": "web",
        "type": "b2c",
        "status": "confirmed",
        "payment_status": "unpaid",
        "payment_method": "cod",
        "currency": "VND",
        "customer_id": None,
        "ship_to": ADDRESS,
        "bill_to": None,
        "shipping_fee": vnd("20000"),
        "order_discount": vnd("0"),
        "subtotal": vnd("250000"),
        "total": vnd("270000"),
        "cod_amount": vnd("270000"),
        "location_id": None,
        "note": None,
        "packaging_note": None,
        "requested_ship_by": None,
        "hold": None,
        "tags": [],
        "cancellation": None,
        "backordered": False,
        "shipment_ids": [],
        "version": 1,
    }


def test_everything_that_may_be_said_comes_back(world):
    said = {
        "type": "b2b",
        "payment_status": "partially_paid",
        "payment_method": "bank_transfer",
        "bill_to": ADDRESS | {"full_name": "Công ty Lan", "line2": "Tầng 2", "email": "l@x.vn"},
        "order_discount": vnd("1000"),
        "note": "Call before delivery",
        "packaging_note": "two layers",
        "requested_ship_by": "2026-11-30T02:00:00.000Z",
        "tags": ["vip", "gift"],
    }

    body = world.place(**said)

    assert {name: body[name] for name in said} == said
    assert (body["status"], body["cod_amount"]) == ("pending", vnd("0"))
    assert body["total"] == vnd("269000")


@pytest.mark.parametrize(
    ("payment", "status"),
    [
        ({"payment_method": "cod"}, "confirmed"),
        ({"payment_method": "card", "payment_status": "paid"}, "confirmed"),
        ({"payment_method": "card"}, "pending"),
    ],
)
def test_an_order_is_confirmed_when_payment_does_not_hold_it_up(world, payment, status):
    assert world.place(**payment)["status"] == status


def test_a_line_discount_is_taken_off_the_line(world):
    line = {"sku": "TEE-RED-M", "quantity": 3, "unit_price": vnd("100"), "discount": vnd("50")}

    body = world.place(lines=[line], shipping_fee=None)

    assert body["lines"][0]["total"] == vnd("250")
    assert (body["subtotal"], body["total"]) == (vnd("250"), vnd("250"))


def test_a_number_that_is_taken_names_the_order_that_has_it(world):
    first = world.place()

    answer = world.api.post("/orders", world.order(note="another"))

    assert answer.status_code == 409
    assert answer.json()["code"] == "duplicate_external_id"
    assert answer.json()["existing_id"] == first["id"]
    assert world.read(first) == first


def test_unknown_skus_are_pointed_at(world):
    lines = [
        {"sku": "TEE-RED-M", "quantity": 1, "unit_price": vnd("1")},
        {"sku": "NO-SUCH", "quantity": 1, "unit_price": vnd("1")},
    ]

    answer = world.api.post("/orders", world.order(lines=lines))

    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_sku")
    assert codes(answer) == [("/lines/1/sku", "unknown_value")]
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("customer_id", "cus_01JD7ZZZZZZZZZZZZZZZZZZZZZ", "unknown_customer"),
        ("customer_id", "nonsense", "unknown_customer"),
        ("location_id", "loc_01JD7ZZZZZZZZZZZZZZZZZZZZZ", "unknown_location"),
    ],
)
def test_references_that_do_not_exist_are_refused(world, member, value, code):
    answer = world.api.post("/orders", world.order(**{member: value}))

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert codes(answer) == [(f"/{member}", "unknown_value")]


BAD = [
    ({"lines": []}, [("/lines", "out_of_range")]),
    ({"lines": None}, [("/lines", "required")]),
    ({"channel": 5}, [("/channel", "invalid_type")]),
    ({"payment_method": "shells"}, [("/payment_method", "unknown_value")]),
    ({"currency": "vnd"}, [("/currency", "invalid_format")]),
    ({"external_id": "x" * 65}, [("/external_id", "too_long")]),
    ({"tags": ["a"] * 21}, [("/tags", "too_many")]),
    ({"tags": ["a", "a"]}, [("/tags/1", "duplicate")]),
    ({"requested_ship_by": "tomorrow"}, [("/requested_ship_by", "invalid_format")]),
    ({"order_discount": vnd("270001")}, [("/order_discount", "out_of_range")]),
    ({"shipping_fee": {"amount": "1", "currency": "EUR"}},
     [("/shipping_fee/currency", "not_allowed")]),
    ({"shipping_fee": vnd("0.5")}, [("/shipping_fee/amount", "invalid_format")]),
    ({"shipping_fee": vnd("-1")}, [("/shipping_fee/amount", "out_of_range")]),
    ({"ship_to": ADDRESS | {"phone": "0900"}}, [("/ship_to/phone", "invalid_format")]),
    ({"ship_to": {k: v for k, v in ADDRESS.items() if k != "ward"}},
     [("/ship_to/ward", "required")]),
]  # fmt: skip


@pytest.mark.parametrize(("members", "errors"), BAD)
def test_what_breaks_a_rule_is_pointed_at(world, members, errors):
    answer = world.api.post("/orders", world.order(**members))

    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert codes(answer) == errors
    assert not Order.objects.exists()


def test_unknown_members_are_refused_wherever_they_are(world):
    body = world.order(colour="red")
    body["lines"][0]["size"] = "M"

    answer = world.api.post("/orders", body)

    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_field")
    assert codes(answer) == [("/lines/0/size", "unknown_field"), ("/colour", "unknown_field")]


def test_an_unknown_channel_is_an_unknown_value(world):
    answer = world.api.post("/orders", world.order(channel="market"))

    assert (answer.status_code, codes(answer)) == (422, [("/channel", "unknown_value")])


def test_channels_are_named_in_any_letter_case(world):
    assert world.place(channel="WEB")["channel"] == "web"


def test_a_client_of_one_channel_cannot_name_another(world):
    factories.make_channel(organization=world.organization, code="pos")
    bound = V1(world.organization, channel=world.channel)

    answer = bound.post("/orders", world.order(channel="pos"))

    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")


def test_stock_is_not_needed_unless_it_is_asked_for(world):
    lines = [{"sku": "TEE-RED-M", "quantity": 11, "unit_price": vnd("1")}]

    kept = world.api.post("/orders", world.order("A", lines=lines))
    refused = world.api.post("/orders?require_stock=true", world.order("B", lines=lines))

    assert kept.status_code == 201
    assert (refused.status_code, refused.json()["code"]) == (409, "insufficient_stock")
    assert refused.json()["errors"][0]["available"] == 10
    assert codes(refused) == [("/lines/0/quantity", "out_of_range")]
    assert Order.objects.count() == 1


def test_asking_for_stock_reserves_it_with_the_same_answer(world):
    answer = world.api.post("/orders?require_stock=true", world.order())

    body = answer.json()
    assert (body["status"], body["lines"][0]["quantity_allocated"]) == ("allocated", 2)
    assert StockLevel.objects.get().reserved == 2


def test_an_unpaid_order_that_asks_for_stock_reserves_none(world):
    unpaid = {"payment_method": "card"}
    lines = [{"sku": "TEE-RED-M", "quantity": 11, "unit_price": vnd("1")}]

    kept = world.api.post("/orders?require_stock=true", world.order("A", **unpaid))
    refused = world.api.post("/orders?require_stock=true", world.order("B", lines=lines, **unpaid))

    assert (kept.status_code, kept.json()["status"]) == (201, "pending")
    assert refused.status_code == 409
    assert StockLevel.objects.get().reserved == 0


def test_the_preferred_location_is_tried_first(world):
    nearer = factories.make_point(organization=world.organization, priority=1)
    world.channel.point_links.create(point=nearer, location_code="near")
    factories.count_units(point=nearer, sku=world.sku, on_hand=5)
    wanted = identifiers.of_uuid("loc_", world.point.public_id)

    body = world.api.post("/orders?require_stock=true", world.order(location_id=wanted)).json()

    assert body["location_id"] == wanted
    order = Order.objects.get()
    assert order.tasks.get().point == world.point
