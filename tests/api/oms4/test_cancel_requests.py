"""Contract sections 4.8 and 5.9."""

import json

import pytest
from django.utils import timezone

from fulfillment import services
from oms.kernel.actors import SYSTEM
from oms.orders.choices import CancelDecision
from oms.orders.models import CancelRequest
from tests.clients.oms4_stdlib import Oms4Error
from tests.statements import count_statements

GET = "/rest/fp_api/cancel_request/get"


def refused(call, *args, **members):
    with pytest.raises(Oms4Error) as refusal:
        call(*args, **members)
    return refusal.value.code


def two_lines(world):
    items = world.order()["items"]
    return [*items, items[0] | {"orig_order_item_id": "90002", "qty": 1}]


def decide(decision):
    services.decide_cancel_request(
        request_id=CancelRequest.objects.get().pk,
        decision=decision,
        comment="",
        actor=SYSTEM,
        now=timezone.now(),
    )


def test_asks_for_the_whole_order(world):
    world.tasked()

    world.shop.request_cancel(order_no="WEB-10045")

    request = CancelRequest.objects.get()
    assert (request.requested_by, request.party, request.reason) == ("Buyer", "CUSTOMER", "")
    assert request.lines.exists() is False


def test_asks_for_one_item_with_its_reason(world):
    world.tasked(items=two_lines(world))

    world.shop.request_cancel(
        order_no="WEB-10045",
        cancelled_by="seller",
        reason="a mistake",
        cancelled_time=1727346000000,
        items=[{"orig_order_item_id": 90002, "requested_reason": "too small"}],
    )

    request = CancelRequest.objects.get()
    assert (request.requested_by, request.party, request.reason) == (
        "seller",
        "SELLER",
        "a mistake",
    )
    assert int(request.requested_at.timestamp()) == 1727346000
    line = request.lines.select_related("line").get()
    assert (line.line.external_id, line.reason) == ("90002", "too small")


def test_asking_again_renews_the_reason_only(world):
    world.tasked()

    for reason in ("too late", "ordered twice"):
        world.shop.request_cancel(order_no="WEB-10045", requested_reason=reason)

    assert CancelRequest.objects.get().reason == "ordered twice"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"order_no": "other"}, "404"),
        ({"order_no": ""}, "400"),
        ({"items": [{"orig_order_item_id": "1"}]}, "404"),
        ({"items": [{}]}, "400"),
        ({"items": "all"}, "400"),
        ({"requested_reason": "x" * 4001}, "400"),
        ({"requested_time": "soon"}, "400"),
    ],
)
def test_a_wrong_request_changes_nothing(world, change, code):
    world.tasked()

    assert refused(world.shop.request_cancel, **{"order_no": "WEB-10045"} | change) == code
    assert CancelRequest.objects.exists() is False


def test_others_orders_cannot_be_asked_for(world, next_door, elsewhere):
    world.tasked()

    for stranger in (next_door.shop, elsewhere.shop):
        assert refused(stranger.request_cancel, order_no="WEB-10045") == "404"
    assert CancelRequest.objects.exists() is False


@pytest.mark.parametrize(
    ("decision", "result"), [(CancelDecision.ACCEPT, "ACCEPT"), (CancelDecision.REJECT, "REJECT")]
)
def test_the_point_sees_the_decision(world, decision, result):
    task = world.tasked(items=two_lines(world))
    world.shop.request_cancel(order_no="WEB-10045", requested_time=1727346000000)

    decide(decision)

    answered = CancelRequest.objects.get().decided_at
    first, second = task.lines.order_by("pk")
    assert world.warehouse.cancel_requests(task.number) == [
        {
            "ft_no": task.number,
            "requested_Time": 1727346000,
            "handling_Result": result,
            "reply_Time": str(int(answered.timestamp())),
            "status": "CLOSE",
            "items": [
                {"task_detail_id": str(first.number), "qty": 2},
                {"task_detail_id": str(second.number), "qty": 1},
            ],
        }
    ]


@pytest.mark.parametrize(
    ("method", "sent"),
    [
        ("GET", {"body": b'{"ft_no":["%s"]}'}),
        ("GET", {"query": {"ft_no": "[%s,FT0]"}}),
        ("GET", {"query": {"ft_no[]": "%s"}}),
        ("POST", {"body": b'{"ft_no":"%s"}'}),
    ],
)
def test_the_numbers_may_come_in_every_way(world, method, sent):
    task = world.tasked()
    world.shop.request_cancel(order_no="WEB-10045")
    if "body" in sent:
        sent = {"body": sent["body"] % task.number.encode()}
    else:
        sent = {"query": {name: value % task.number for name, value in sent["query"].items()}}

    _, answer = world.warehouse.send(method, GET, **sent)

    assert [entry["ft_no"] for entry in answer["data"]] == [task.number]


@pytest.mark.parametrize("numbers", [None, [], ["FT1"] * 21, [""]])
def test_a_malformed_question_is_refused(world, numbers):
    _, answer = world.warehouse.send("GET", GET, body=json.dumps({"ft_no": numbers}).encode())

    assert answer["code"] == "400"


def test_tasks_without_a_request_and_others_tasks_are_left_out(world, next_door, elsewhere):
    task = world.tasked()

    assert world.warehouse.cancel_requests(task.number, "FT0") == []
    world.shop.request_cancel(order_no="WEB-10045")
    for stranger in (next_door.warehouse, elsewhere.warehouse):
        assert stranger.cancel_requests(task.number) == []


def test_twenty_tasks_are_read_like_one(world):
    tasks = [world.tasked(order_no=f"WEB-{number}") for number in range(4)]
    for number in range(4):
        world.shop.request_cancel(order_no=f"WEB-{number}")
    world.warehouse.cancel_requests("FT0")

    with count_statements() as one:
        world.warehouse.cancel_requests(tasks[0].number)
    with count_statements() as four:
        found = world.warehouse.cancel_requests(*(task.number for task in tasks))

    assert len(found) == 4
    assert len(four) == len(one)
