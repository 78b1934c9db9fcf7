"""What the document says of values holds, and its links and rules lead somewhere."""

import re

import pytest

from oms.api.v1.docs.links import LINKS
from oms.api.v1.docs.rules import RULES
from oms.api.v1.road.codes import FIELD_CODES
from tests.integration.v1.orders.world import codes, make_world, vnd
from tests.v1_client import document


@pytest.fixture
def world(db):
    return make_world()


def operations():
    return {
        operation["operationId"]: operation
        for item in document()["paths"].values()
        for operation in item.values()
    }


def test_an_integer_may_be_written_with_a_point_and_no_fraction(world):
    lines = [{"sku": world.sku.code, "quantity": 2.0, "unit_price": vnd("125000")}]
    check = {"items": [{"sku": world.sku.code, "quantity": 2.0}]}

    order = world.place(lines=lines)
    available = world.api.post("/inventory/availability-checks", check)

    assert [line["quantity"] for line in order["lines"]] == [2]
    assert available.json()["items"][0]["requested"] == 2


def test_a_number_with_a_fraction_is_no_integer(world):
    check = {"items": [{"sku": world.sku.code, "quantity": 2.5}]}

    answer = world.api.post("/inventory/availability-checks", check)

    assert (answer.status_code, codes(answer)) == (422, [("/items/0/quantity", "invalid_type")])


def test_levels_in_bulk_may_be_written_with_a_point(world):
    [location] = world.api.get("/locations").json()["data"]
    row = {"sku": world.sku.code, "location_id": location["id"]}
    body = {"reason": "sync", "levels": [{**row, "on_hand": 7.0}]}
    broken = {"reason": "sync", "levels": [{**row, "on_hand": 7.5}]}

    done = world.api.put("/inventory/bulk", body)
    refused = world.api.put("/inventory/bulk", broken)

    assert done.json()["changed"] == 1
    assert (refused.status_code, codes(refused)) == (
        422,
        [("/levels/0/on_hand", "invalid_type")],
    )


def test_a_policy_is_a_word_and_never_null(world):
    body = {"orders": [world.order()], "error_policy": None}

    answer = world.api.post("/orders/bulk", body)

    assert (answer.status_code, codes(answer)) == (422, [("/error_policy", "invalid_type")])


def test_texts_are_kept_as_they_were_sent(world):
    made = world.api.post("/customers", {"full_name": " Trần Lan ", "phone": "+84900000000"})

    assert made.json()["full_name"] == " Trần Lan "


@pytest.mark.parametrize("phone", ["+84900000000\n", " +84900000000", "+8490000000\u0660"])
def test_a_pattern_holds_for_all_of_a_text(world, phone):
    answer = world.api.post("/customers", {"full_name": "Trần Lan", "phone": phone})

    assert (answer.status_code, codes(answer)) == (422, [("/phone", "invalid_format")])


def test_a_list_of_words_may_be_repeated(world):
    order = world.place()

    joined = world.api.get("/orders?status=confirmed,shipped").json()["data"]
    repeated = world.api.get("/orders?status=confirmed&status=shipped").json()["data"]

    assert [each["id"] for each in joined] == [order["id"]]
    assert repeated == joined


def test_other_parameters_are_given_once(world):
    answer = world.api.get("/orders?channel=web&channel=web")

    assert (answer.status_code, codes(answer)) == (400, [("/channel", "duplicate")])


@pytest.mark.parametrize("operation_id", list(LINKS))
def test_links_name_parameters_that_their_operations_have(operation_id):
    known = operations()
    links = [
        link
        for response in known[operation_id]["responses"].values()
        for link in response.get("links", {}).values()
    ]

    for link in links:
        names = {each["name"] for each in known[link["operationId"]].get("parameters", ())}
        assert set(link.get("parameters", {})) <= names
    assert len(links) == len({follower.operation_id for follower in LINKS[operation_id]})


@pytest.mark.parametrize("operation_id", list(RULES))
def test_rules_stand_in_the_document_with_the_codes_of_the_contract(operation_id):
    operation = operations()[operation_id]

    for rule in operation["x-rules"]:
        assert rule["code"] in FIELD_CODES
        assert rule["text"] in operation["description"]
        assert re.fullmatch(r"(/[a-z_*]+)+", rule["pointer"])


def test_a_body_that_may_be_left_out_is_said_to():
    known = operations()
    optional = {
        name
        for name, operation in known.items()
        if "requestBody" in operation and not operation["requestBody"].get("required")
    }

    assert optional == {"cancelReturn", "rotateWebhookSecret"}
