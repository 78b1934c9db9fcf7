import json

import pytest

from oms.orders.models import Order
from tests.integration.v1.orders.world import vnd

NDJSON = "application/x-ndjson"


def send(world, *orders, policy=None):
    body = {"orders": list(orders)} | ({"error_policy": policy} if policy else {})
    return world.api.post("/orders/bulk", body)


def outcomes(answer):
    results = answer.json()["results"]
    return [(row["status"], row["error"] and row["error"]["code"]) for row in results]


def test_good_orders_are_all_stored_and_named(world):
    answer = send(world, world.order("A"), world.order("B", tags=["x"]))

    body = answer.json()
    assert (answer.status_code, body["created"], body["failed"]) == (200, 2, 0)
    assert [row["external_id"] for row in body["results"]] == ["A", "B"]
    second = world.api.get(f"/orders/{body['results'][1]['id']}").json()
    assert (second["number"], second["tags"]) == (body["results"][1]["number"], ["x"])
    assert second["status"] == "confirmed"


def test_an_order_of_many_is_the_same_as_one_alone(world):
    alone = world.place("A")
    row = send(world, world.order("B")).json()["results"][0]

    together = world.api.get(f"/orders/{row['id']}").json()

    own = {"id", "number", "external_id", "created_at", "updated_at", "lines"}
    assert {k: v for k, v in together.items() if k not in own} == {
        k: v for k, v in alone.items() if k not in own
    }


def test_one_bad_order_keeps_all_from_being_stored(world):
    answer = send(world, world.order("A"), world.order("B", lines=[]))

    assert outcomes(answer) == [("failed", "validation_failed"), ("failed", "validation_failed")]
    errors = answer.json()["results"][1]["error"]["errors"]
    assert [(error["pointer"], error["code"]) for error in errors] == [("/lines", "out_of_range")]
    assert not Order.objects.exists()


def test_bad_orders_can_be_left_out(world):
    taken = world.place("A")
    unknown = [{"sku": "NO-SUCH", "quantity": 1, "unit_price": vnd("1")}]

    answer = send(
        world,
        world.order("A"),
        world.order("B", lines=unknown),
        world.order("C", colour="red"),
        world.order("D", channel="nowhere"),
        world.order("E"),
        world.order("E"),
        policy="skip_failed",
    )

    assert outcomes(answer) == [
        ("failed", "duplicate_external_id"),
        ("failed", "unknown_sku"),
        ("failed", "unknown_field"),
        ("failed", "validation_failed"),
        ("created", None),
        ("failed", "duplicate_external_id"),
    ]
    results = answer.json()["results"]
    assert results[0]["error"]["existing_id"] == taken["id"]
    assert results[5]["error"]["existing_id"] == results[4]["id"]
    assert Order.objects.count() == 2


def test_a_number_that_is_taken_keeps_all_from_being_stored(world):
    taken = world.place("A")

    answer = send(world, world.order("A"), world.order("B"))

    assert outcomes(answer) == [
        ("failed", "duplicate_external_id"),
        ("failed", "validation_failed"),
    ]
    assert answer.json()["results"][0]["error"]["existing_id"] == taken["id"]
    assert Order.objects.count() == 1


def test_orders_come_one_a_line_as_well(world):
    lines = [json.dumps(world.order(number)) for number in "AB"] + ["", "{"]

    answer = world.api.post(
        "/orders/bulk?error_policy=skip_failed",
        body="\n".join(lines).encode(),
        headers={"Content-Type": NDJSON},
    )

    assert outcomes(answer) == [
        ("created", None),
        ("created", None),
        ("failed", "malformed_json"),
    ]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"[]", 422, "validation_failed"),
        (b'{"orders":[]}', 422, "validation_failed"),
        (b'{"orders":{}}', 422, "validation_failed"),
        (b'{"orders":[{}],"error_policy":"shrug"}', 422, "validation_failed"),
        (b'{"orders":[{}],"extra":1}', 400, "unknown_field"),
        (b'{"orders":[' + b"{}," * 500 + b"{}]}", 422, "validation_failed"),
        (b'{"orders":[', 400, "malformed_json"),
    ],
)
def test_what_is_no_list_of_orders_is_refused(world, body, status, code):
    answer = world.api.post("/orders/bulk", body=body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_statements_do_not_grow_with_the_orders(world, django_assert_max_num_queries):
    send(world, world.order("warm"))
    orders = [world.order(f"N{number}") for number in range(50)]

    with django_assert_max_num_queries(20):
        answer = send(world, *orders)

    assert answer.json()["created"] == 50
