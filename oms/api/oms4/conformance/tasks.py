"""Fulfillment tasks: reading them, and reports of the work on them."""

import json

from . import shapes
from .kit import SINGLE_PARCEL, Kit
from .reading import GET_SHIPPING, GET_TASKS, GET_TASKS_BY_NO
from .verdicts import Chapter, expect, expect_equal
from .wire import Call, now

CHAPTER: Chapter[Kit] = Chapter()
_FAMILY = "/rest/fp_api/fulfillment_task"
_ACTIVITY = f"{_FAMILY}/update_activity"


@CHAPTER.check("5.1", "a paid order with stock becomes a fulfillment task")
def opens_a_task(kit: Kit) -> None:
    life = kit.life("main")
    task = shapes.check_task(kit.await_task(life))
    expect_equal(task["order_no"], life.order_no, "order_no")
    expect_equal((task["country"], task["postcode"]), ("SG", "048624"), "address")
    detail = shapes.only(task["task_details"], "task_details")
    expect_equal(detail["qty"], 1, "qty")
    expect_equal((detail["brand_code"], detail["brand_sku_code"]), tuple(kit.sku().values()), "SKU")


@CHAPTER.check("4.2", "the order of an allocated task reads PROCESSING")
def order_is_processing(kit: Kit) -> None:
    life = kit.life("main")
    expect(life.ft_no, "no task")
    expect_equal(kit.status_of(life), "PROCESSING", "order_status")


@CHAPTER.check("5.1", "total_count, cursor and the filters select as documented")
def task_filters(kit: Kit) -> None:
    life = kit.life("main")
    task = life.tasked
    created, order_no = task["created_time"], life.order_no
    reply = kit.warehouse.get(GET_TASKS, order_no=order_no)
    page = shapes.check(reply.succeeded(), shapes.TASK_PAGE, "data")
    expect_equal((page["total_count"], page["cursor"]), (1, 1), "total_count and cursor")
    chosen = kit.tasks(order_no=order_no, created_from=created, created_to=created)
    expect_equal([each["ft_no"] for each in chosen], [life.ft_no], "ft_no")
    for query in (
        {"created_from": int(str(created)) + 1},
        {"created_to": int(str(created)) - 1},
        {"updated_to": kit.began - 60_000},
        {"status": "DELIVERED"},
        {"offset": 1},
    ):
        expect_equal(kit.tasks(order_no=order_no, **query), [], f"tasks for {query}")


@CHAPTER.check("5.1", "the list is read under its aliases, by POST, and by GET with a body")
def task_aliases(kit: Kit) -> None:
    life = kit.life("main")
    numbers = []
    for path in (GET_TASKS, f"{_FAMILY}/list", f"{_FAMILY}/get_list"):
        for method in ("GET", "POST"):
            data = kit.read(path, {"order_no": life.order_no}, method)
            page = shapes.check(data, shapes.TASK_PAGE, "data")
            numbers.append(shapes.only(page["ft_list"], "ft_list")["ft_no"])
    expect_equal(numbers, [life.ft_no] * 6, "ft_no")


@CHAPTER.check("5.2", "a task is read by its number in every spelling of a list")
def list_spellings(kit: Kit) -> None:
    life = kit.life("main")
    number = life.ft_no
    for name, value in (
        ("ft_nos", f"[{number}]"),
        ("ft_nos", f'["{number}"]'),
        ("ft_nos", number),
        ("ft_nos[]", number),
        ("ft_nos", f"[{number},CK-NONE]"),
    ):
        call = Call(method="GET", path=GET_TASKS_BY_NO, pairs=[(name, value)])
        task = shapes.only(kit.warehouse.send(call).succeeded(), f"By FT NOs {name}={value}")
        expect_equal(shapes.check_task(task)["ft_no"], number, "ft_no")
    repeated = [("ft_nos", "CK-NONE"), ("ft_nos", number)]
    call = Call(method="GET", path=GET_TASKS_BY_NO, pairs=repeated)
    shapes.only(kit.warehouse.send(call).succeeded(), "repeated ft_nos")
    for method in ("GET", "POST"):
        shapes.only(kit.read(GET_TASKS_BY_NO, {"ft_nos": [number]}, method), "ft_nos in a body")


@CHAPTER.check("5.2", "a task that was handed over is RECEIVED")
def received(kit: Kit) -> None:
    expect_equal(kit.task_of(kit.life("main"))["status"], "RECEIVED", "status")


@CHAPTER.check("5.2", "more than five numbers, or none, are refused with 400")
def five_numbers(kit: Kit) -> None:
    numbers = [f"CK-{number}" for number in range(6)]
    for path, name in ((GET_TASKS_BY_NO, "ft_nos"), (GET_SHIPPING, "ft_no")):
        kit.warehouse.get(path, **{name: numbers}).refused("400")
        kit.warehouse.get(path).refused("400")
        data = kit.warehouse.get(path, **{name: numbers[:5]}).succeeded()
        expect_equal(data, [], "data for unknown numbers")


@CHAPTER.check("5.4", "the work on a task is reported, and the task reads PROCESSING")
def activities(kit: Kit) -> None:
    life = kit.life("main")
    for place, milestone in enumerate(("RECEIVED", "PICKING", "picked", "WRAPPED_IN_PAPER")):
        report = {"ft_no": life.ft_no, "milestone": milestone, "description": "conformance"}
        kit.warehouse.post(_ACTIVITY, {**report, "event_time": str(now() + place)}).stored()
    kit.warehouse.post(
        _ACTIVITY, {"ft_no": life.ft_no, "description": "text alone", "event_time": now()}
    ).stored()
    expect_equal(kit.task_of(life)["status"], "PROCESSING", "status")


@CHAPTER.check("5.4", "the other names of the milestone and the aliases are taken")
def activity_names(kit: Kit) -> None:
    report = {"ft_no": kit.life("main").ft_no, "description": "again", "event_time": now()}
    for name in ("activity", "status"):
        kit.warehouse.post(_ACTIVITY, {**report, name: "PICKED"}).stored()
    for alias in ("update_ft_activity", "update_fulfillment_activity"):
        kit.warehouse.post(f"{_FAMILY}/{alias}", {**report, "milestone": "PICKED"}).stored()


@CHAPTER.check("5.4", "a report without description is refused with 400, of no task with 404")
def activity_refusals(kit: Kit) -> None:
    report = {"ft_no": kit.life("main").ft_no, "milestone": "PICKED", "event_time": now()}
    kit.warehouse.post(_ACTIVITY, report).refused("400")
    unknown = {**report, "ft_no": "CK-NONE", "description": "conformance"}
    kit.warehouse.post(_ACTIVITY, unknown).refused("404")


@CHAPTER.check("5.3", "shipping information has the documented members, before packing too")
def shipping_shape(kit: Kit) -> None:
    life = kit.life("main")
    reply = kit.warehouse.get(GET_SHIPPING, ft_no=[life.ft_no, "CK-NONE"])
    entry = shapes.only(reply.succeeded(), "data")
    shapes.check(entry, shapes.SHIPPING, "data")
    shapes.check_all(entry["parcels"], shapes.SHIPPING_PARCEL, "parcels")
    body = json.dumps({"ft_no": [life.ft_no]}).encode()
    again = kit.warehouse.send(Call(path=GET_SHIPPING, body=body)).succeeded()
    expect_equal(shapes.only(again, "data")["ft_no"], life.ft_no, "ft_no by POST")


@CHAPTER.check("7a.1", "allow_ft_split follows from the order and the channel's scenario")
def split_flag(kit: Kit) -> None:
    expect_equal(kit.life("main").tasked["allow_ft_split"], 0, "allow_ft_split, not asked for")
    life = kit.place("split", 2, upstream_allow_split=1)
    flag = kit.await_task(life)["allow_ft_split"]
    if flag == 0:
        kit.scenario = SINGLE_PARCEL
    expect_equal([detail["qty"] for detail in life.details], [1, 1], "qty of the details")


@CHAPTER.check("7a.2", "scenario 1: the parcel and its label are there before it is packed")
def early_label(kit: Kit) -> None:
    kit.expect_scenario(SINGLE_PARCEL)
    life = kit.life("main")
    label = kit.eventually(
        lambda: next((each for each in kit.labels(life) if each["shipping_label"]), None),
        "no shipping_label before packing",
    )
    expect_equal(label["fp_parcel_no"], None, "fp_parcel_no")
    shapes.base64_pdf(label["shipping_label"])
    parcel = shapes.only(kit.parcels(order_no=[life.order_no]), "Get Parcels")
    expect_equal((parcel["status"], parcel["fp_parcel_no"]), ("PACKED", None), "parcel")
    expect_equal(parcel["parcel_id"], label["parcel_id"], "parcel_id")
    life.parcel_id = int(str(parcel["parcel_id"]))
