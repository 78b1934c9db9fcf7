"""Cancellations, cancellation tasks and cancel requests."""

import json

from . import shapes
from .kit import CANCEL_ORDER, FIRST_ITEM, Kit
from .packing import PACKED
from .reading import GET_CANCELLATIONS
from .shapes import Document
from .verdicts import Chapter, expect, expect_equal
from .wire import Call, now

CHAPTER: Chapter[Kit] = Chapter()
_REQUEST = "/rest/sc_api/order/request_cancel"
_REQUESTS = "/rest/fp_api/cancel_request/get"


@CHAPTER.check("4.7", "unknown orders and items are refused with 404, malformed calls with 400")
def refuses(kit: Kit) -> None:
    life = kit.place("partial", 2)
    kit.await_task(life)
    kit.shop.post(CANCEL_ORDER, {"order_no": "CK-NONE"}).refused("404")
    good = {"order_no": life.order_no, "items": [{"orig_order_item_id": "90001"}]}
    for wrong, code in (
        ({"items": [{"orig_order_item_id": "1"}]}, "404"),
        ({"items": [*good["items"], {"orig_order_item_id": "1"}]}, "404"),
        ({"items": [{}]}, "400"),
        ({"cancelled_by": "Nobody"}, "400"),
        ({"order_no": ""}, "400"),
    ):
        reply = kit.shop.post(CANCEL_ORDER, {**good, **wrong})
        expect_equal(reply.code, code, f"code for {wrong}")
    expect_equal(kit.cancellations(life), [], "cancellation tasks")


@CHAPTER.check("4.7", "one item is cancelled; the repeated call is a success")
def cancels_an_item(kit: Kit) -> None:
    life = kit.life("partial")
    partial = {
        "order_no": life.order_no,
        "cancelled_by": "buyer",
        "cancelled_reason": "conformance",
        "cancelled_time": now(),
        "items": [{"orig_order_item_id": "90001", "cancelled_by": "Upstream System"}],
    }
    kit.shop.post(CANCEL_ORDER, partial).stored()
    kit.shop.post(CANCEL_ORDER, partial).stored()
    order = kit.order_of(life)
    statuses = {
        item["orig_order_item_id"]: item["order_item_status"]
        for item in shapes.objects(order["items"], "items")
    }
    expect_equal(statuses[90001], "CANCELLED", "order_item_status")
    expect(statuses[90002] != "CANCELLED", "the other item is cancelled too")
    expect_equal(order["order_status"], "PROCESSING", "order_status")


@CHAPTER.check("5.6", "the warehouse gets one cancellation task with the cancelled detail")
def tells_the_warehouse(kit: Kit) -> None:
    life = kit.life("partial")
    [cancellation] = kit.cancellations(life)
    shapes.check_cancellation(cancellation)
    expect_equal(cancellation["order_no"], life.order_no, "order_no")
    expect(cancellation["status"] in ("CREATE", "CLOSE"), "status is neither CREATE nor CLOSE")
    detail = shapes.only(cancellation["task_details"], "task_details")
    expect_equal([detail["ft_detail_id"]], life.detail_ids(FIRST_ITEM), "ft_detail_id")


@CHAPTER.check("5.6", "filters, total_count and cursor select as documented")
def filters(kit: Kit) -> None:
    life = kit.life("partial")
    [cancellation] = kit.cancellations(life)
    created = int(str(cancellation["created_time"]))
    reply = kit.warehouse.get(GET_CANCELLATIONS, ft_no=life.ft_no, created_from=created)
    page = shapes.check(reply.succeeded(), shapes.CANCELLATION_PAGE, "data")
    expect_equal((page["total_count"], page["cursor"]), (1, 1), "total_count and cursor")
    for query in ({"created_from": created + 1}, {"created_to": created - 1}, {"offset": 1}):
        reply = kit.warehouse.get(GET_CANCELLATIONS, ft_no=life.ft_no, **query)
        page = shapes.an_object(reply.succeeded(), "data")
        expect_equal(page["ct_list"], [], f"ct_list for {query}")
    kit.warehouse.get(GET_CANCELLATIONS, limit=0).refused("400")
    for method in ("GET", "POST"):
        data = kit.read(GET_CANCELLATIONS, {"ft_no": life.ft_no}, method)
        expect_equal(shapes.an_object(data, "data")["total_count"], 1, f"total_count by {method}")


@CHAPTER.check("5.7", "a cancelled detail cannot be packed: 409")
def packs_nothing_cancelled(kit: Kit) -> None:
    life = kit.life("partial")
    box = kit.box(kit.number("P"), life.details)
    kit.warehouse.post(PACKED, {"ft_no": life.ft_no, "parcels": [box]}).refused("409")


@CHAPTER.check("4.7", "without items the whole order is cancelled, its task and parcel with it")
def cancels_the_rest(kit: Kit) -> None:
    life = kit.life("partial")
    kit.shop.post(CANCEL_ORDER, {"order_no": life.order_no, "items": []}).stored()
    kit.shop.post(CANCEL_ORDER, {"order_no": life.order_no}).stored()
    life.is_over = True
    expect_equal(kit.status_of(life), "CANCELLED", "order_status")
    expect_equal(kit.task_of(life)["status"], "CANCELLED", "status of the task")
    statuses = {str(each["status"]) for each in kit.cancellations(life)}
    expect_equal(statuses, {"CLOSE"}, "statuses of the cancellation tasks")


def _wish(kit: Kit, **changes: object) -> Document:
    return {
        "order_no": kit.life("wish").order_no,
        "requested_by": "Buyer",
        "requested_reason": "ordered twice",
        "requested_time": kit.began,
        "items": [{"orig_order_item_id": "90001"}],
        **changes,
    }


def _requests(kit: Kit) -> list[Document]:
    number = kit.life("wish").ft_no
    entries = shapes.check_all(
        kit.read(_REQUESTS, {"ft_no": [number]}), shapes.CANCEL_REQUEST, "data"
    )
    for entry in entries:
        shapes.check_all(entry["items"], shapes.CANCEL_REQUEST_ITEM, "items")
    return entries


@CHAPTER.check("4.8", "a buyer's wish is taken; repeated while open it makes no second request")
def takes_a_wish(kit: Kit) -> None:
    life = kit.place("wish", 2)
    kit.await_task(life)
    expect_equal(_requests(kit), [], "cancel requests")
    kit.shop.post(_REQUEST, _wish(kit)).stored()
    kit.shop.post(_REQUEST, _wish(kit, requested_reason="changed their mind")).stored()
    expect_equal(len(_requests(kit)), 1, "cancel requests")
    expect(kit.status_of(life) != "CANCELLED", "the order is cancelled before anybody decided")


@CHAPTER.check("5.9", "the request reads OPEN, with the members of a GET with a body")
def shows_the_wish(kit: Kit) -> None:
    life = kit.life("wish")
    [entry] = _requests(kit)
    expect_equal(
        (entry["status"], entry["handling_Result"], entry["reply_Time"]), ("OPEN", "", ""), "entry"
    )
    expect_equal(entry["requested_Time"], kit.began // 1000, "requested_Time in seconds")
    wanted = [
        {"task_detail_id": str(each["task_detail_id"]), "qty": each["qty"]}
        for each in life.details
        if each["task_detail_id"] in life.detail_ids(FIRST_ITEM)
    ]
    expect_equal(entry["items"], wanted, "items")


@CHAPTER.check("5.9", "the query and POST are taken too, and the body need not be signed")
def other_ways(kit: Kit) -> None:
    number = kit.life("wish").ft_no
    body = json.dumps({"ft_no": [number]}).encode()
    for reply in (
        kit.warehouse.get(_REQUESTS, ft_no=[number]),
        kit.warehouse.send(Call(path=_REQUESTS, body=body)),
        kit.warehouse.send(Call(method="GET", path=_REQUESTS, body=body, signed_body=b"")),
    ):
        expect_equal(shapes.only(reply.succeeded(), "data")["ft_no"], number, "ft_no")


@CHAPTER.check("5.9", "numbers without a request are left out; more than 20, or none, are 400")
def request_limits(kit: Kit) -> None:
    numbers = [f"CK-{number}" for number in range(21)]
    expect_equal(kit.read(_REQUESTS, {"ft_no": numbers[:20]}), [], "data for unknown numbers")
    wrongs: list[Document] = [{"ft_no": numbers}, {"ft_no": []}, {}]
    for wrong in wrongs:
        body = json.dumps(wrong).encode()
        kit.warehouse.send(Call(method="GET", path=_REQUESTS, body=body)).refused("400")


@CHAPTER.check("4.8", "unknown orders and items are refused with 404; other names are taken")
def wish_refusals(kit: Kit) -> None:
    kit.shop.post(_REQUEST, _wish(kit, order_no="CK-NONE")).refused("404")
    unknown = [{"orig_order_item_id": "1"}]
    kit.shop.post(_REQUEST, _wish(kit, items=unknown)).refused("404")
    kit.shop.post(_REQUEST, {"order_no": ""}).refused("400")
    other = {"order_no": kit.life("wish").order_no, "cancelled_by": "Buyer", "reason": "again"}
    items = [{"orig_order_item_id": "90001"}]
    kit.shop.post(_REQUEST, {**other, "items": items, "cancelled_time": now()}).stored()
    expect_equal(len(_requests(kit)), 1, "cancel requests")


@CHAPTER.check("4.8", "the aliases are the same operation")
def aliases(kit: Kit) -> None:
    family = "/rest/sc_api/order"
    kit.expect_same(kit.shop, [f"{family}/cancel_request", f"{family}/request_to_cancel"], {})
