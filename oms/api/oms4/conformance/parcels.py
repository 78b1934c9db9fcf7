"""Parcels: their list, documents, milestones from both sides, and their traces."""

import base64

from . import shapes
from .kit import CANCEL_ORDER, Kit
from .lives import Life
from .reading import GET_PARCELS
from .shapes import Document
from .verdicts import Chapter, expect, expect_equal
from .wire import now

CHAPTER: Chapter[Kit] = Chapter()
_STATUS = "/rest/sc_api/parcel/update_status"
_DOCS = "/rest/sc_api/parcel/update_tracking_docs"
_TRACE = "/rest/sc_api/parcel/track_trace"
_ACTIVITY = "/rest/fp_api/fulfillment_task/update_parcel_activity"
_WAYBILL = b"%PDF-1.4\n% conformance\n%%EOF\n"
_LATER_WAYBILL = b"%PDF-1.4\n% conformance, later\n%%EOF\n"


def _parcel_of(kit: Kit, life: Life) -> Document:
    expect(life.fp_parcel_no, f"order {life.order_no} was not packed")
    return shapes.only(kit.parcels(fp_parcel_no=[life.fp_parcel_no]), "Get Parcels")


@CHAPTER.check("4.3", "a packed parcel has the documented members and types")
def parcel_shape(kit: Kit) -> None:
    life = kit.life("main")
    parcel = shapes.check_parcel(_parcel_of(kit, life))
    expect_equal((parcel["order_no"], parcel["status"]), (life.order_no, "PACKED"), "parcel")
    size = [parcel[name] for name in ("weight", "length", "width", "height")]
    expect_equal(size, [1.5, 30, 10, 20], "weight and size")
    expect(life.parcel_id in (0, parcel["parcel_id"]), "the parcel_id changed at packing")
    life.parcel_id = int(str(parcel["parcel_id"]))


@CHAPTER.check("4.3", "filters select by order, parcel number and creation, ends included")
def parcel_filters(kit: Kit) -> None:
    life = kit.life("main")
    created = _parcel_of(kit, life)["created_date"]
    at = int(str(created))
    mine: Document = {"order_no": [life.order_no]}
    matching: list[Document] = [
        mine,
        {"fp_parcel_no": [life.fp_parcel_no, "CK-NONE"]},
        {**mine, "created_date_from": at, "created_date_to": at},
    ]
    for query in matching:
        found = kit.parcels(**query)
        expect_equal([each["parcel_id"] for each in found], [life.parcel_id], f"for {query}")
    others: list[Document] = [
        {**mine, "created_date_from": at + 1},
        {**mine, "created_date_to": at - 1},
        {**mine, "offset": 1},
        {"tracking_no": "CK-NONE"},
    ]
    for query in others:
        expect_equal(kit.parcels(**query), [], f"parcels for {query}")


@CHAPTER.check("4.3", "more than 50 numbers, limit 0 and wrong types are refused with 400")
def parcel_limits(kit: Kit) -> None:
    numbers = [str(number) for number in range(51)]
    for wrong in (
        {"order_no": numbers},
        {"fp_parcel_no": numbers},
        {"limit": 0},
        {"created_date_from": "yesterday"},
    ):
        kit.shop.post(GET_PARCELS, wrong).refused("400")


def _docs(life: Life, waybill: bytes) -> Document:
    return {
        "order_no": life.order_no,
        "parcel_id": life.parcel(),
        "us_parcel_no": life.us_parcel_no,
        "delivery_carrier": "Conformance Express",
        "delivery_type": "Premium",
        "tracking_no": life.tracking_no,
        "waybill": base64.b64encode(waybill).decode(),
    }


def _handed_over(kit: Kit, life: Life, waybill: bytes) -> Document:
    """Hand documents over, and wait until the warehouse gets them."""
    docs = _docs(life, waybill)
    kit.shop.post(_DOCS, docs).stored()

    def look() -> Document | None:
        [label] = kit.labels(life)
        return label if label["shipping_label"] == docs["waybill"] else None

    return kit.eventually(look, "the waybill did not become the shipping_label")


@CHAPTER.check("4.6", "the channel hands over carrier, tracking number and waybill")
def tracking_docs(kit: Kit) -> None:
    life = kit.life("main")
    life.us_parcel_no, life.tracking_no = kit.number("USP"), kit.number("T")
    label = _handed_over(kit, life, _WAYBILL)
    found = (label["delivery_carrier"], label["delivery_type"], label["tracking_no"])
    expect_equal(found, ("Conformance Express", "Premium", life.tracking_no), "label")
    parcel = _parcel_of(kit, life)
    expect_equal(parcel["tracking_no"], life.tracking_no, "tracking_no of Get Parcels")


@CHAPTER.check("4.6", "a later waybill replaces the first; the same again is a success")
def later_docs(kit: Kit) -> None:
    life = kit.life("main")
    expect(life.tracking_no, "no documents were handed over")
    _handed_over(kit, life, _LATER_WAYBILL)
    kit.shop.post(_DOCS, _docs(life, _LATER_WAYBILL)).stored()


@CHAPTER.check("4.6", "a parcel is found by its other numbers; an unknown one is 404")
def tracking_docs_numbers(kit: Kit) -> None:
    life = kit.life("main")
    docs = {"order_no": life.order_no, "parcel_id": life.parcel(), "delivery_type": "Premium"}
    kit.shop.post(_DOCS, {**docs, "parcel_id": "999999999999"}).refused("404")
    kit.shop.post(_DOCS, {**docs, "order_no": "CK-NONE"}).refused("404")
    kit.shop.post(_DOCS, {"order_no": life.order_no}).refused("400")
    kit.shop.post(_DOCS, {**docs, "waybill": "no base64!"}).refused("400")
    kit.shop.post(_DOCS, {**docs, "waybill_url": "http://127.0.0.1/w.pdf"}).refused("400")
    del docs["parcel_id"]
    kit.shop.post(_DOCS, {**docs, "fp_parcel_no": life.fp_parcel_no}).stored()


@CHAPTER.check("4.6", "the aliases are the same operation")
def tracking_docs_aliases(kit: Kit) -> None:
    family = "/rest/sc_api/parcel"
    paths = [f"{family}/update_tracking_doc", f"{family}/update_tracking"]
    kit.expect_same(kit.shop, paths, {})


def _milestone(kit: Kit, life: Life, status: str, at: object) -> Document:
    if not life.us_parcel_no:
        life.us_parcel_no = kit.number("USP")
    numbers = {"order_no": life.order_no, "us_parcel_no": life.us_parcel_no}
    return {**numbers, "parcel_id": life.parcel(), "status": status, "event_time": at}


@CHAPTER.check("4.5", "wrong statuses are refused with 400, foreign and unknown parcels with 404")
def milestone_refusals(kit: Kit) -> None:
    life = kit.life("main")
    good = _milestone(kit, life, "SHIPPING", now())
    for wrong in (
        {"status": "PACKED"},
        {"status": "FLYING"},
        {"event_time": None},
        {"us_parcel_no": ""},
    ):
        kit.shop.post(_STATUS, {**good, **wrong}).refused("400")
    kit.shop.post(_STATUS, {**good, "order_no": kit.life("split").order_no}).refused("404")
    kit.shop.post(_STATUS, {**good, "parcel_id": "999999999999"}).refused("404")
    expect_equal(kit.status_of(life), "PACKED", "status of the order")


@CHAPTER.check("4.5", "a milestone moves parcel and order; repeated and older ones do not")
def milestones(kit: Kit) -> None:
    life = kit.life("main")
    at = now()
    for status, when in (
        ("SHIPPING", str(at)),
        ("SHIPPING", str(at)),
        ("pending_delivery", at + 2),
        ("SHIPPING", at + 1),
    ):
        kit.shop.post(_STATUS, _milestone(kit, life, status, when)).stored()
    parcel = _parcel_of(kit, life)
    expect_equal(parcel["status"], "PENDING DELIVERY", "status of the parcel")
    expect_equal(parcel["us_parcel_no"], life.us_parcel_no, "us_parcel_no")
    expect_equal(kit.status_of(life), "PENDING DELIVERY", "status of the order")


@CHAPTER.check("4.5", "another us_parcel_no for the parcel is refused with 409")
def other_number(kit: Kit) -> None:
    life = kit.life("main")
    other = {**_milestone(kit, life, "DELIVERED", now() + 5), "us_parcel_no": kit.number("USP")}
    kit.shop.post(_STATUS, other).refused("409")


@CHAPTER.check("4.7", "an item that has shipped cannot be cancelled: 409, and nothing changes")
def cancels_nothing_shipped(kit: Kit) -> None:
    life = kit.life("main")
    life.parcel()
    items = [{"orig_order_item_id": "90001"}]
    kit.shop.post(CANCEL_ORDER, {"order_no": life.order_no}).refused("409")
    kit.shop.post(CANCEL_ORDER, {"order_no": life.order_no, "items": items}).refused("409")
    expect_equal(kit.status_of(life), "PENDING DELIVERY", "status of the order")


@CHAPTER.check("4.5", "DELIVERED ends the order's life, and its task's")
def delivered(kit: Kit) -> None:
    life = kit.life("main")
    kit.shop.post(_STATUS, _milestone(kit, life, "DELIVERED", now() + 10)).stored()
    life.is_over = True
    expect_equal(kit.status_of(life), "DELIVERED", "status of the order")
    expect_equal(kit.task_of(life)["status"], "DELIVERED", "status of the task")


@CHAPTER.check("5.5", "the warehouse reports milestones; text alone changes no status")
def parcel_activities(kit: Kit) -> None:
    life = kit.life("split")
    parcel = _parcel_of(kit, life)
    report = {"ft_no": life.ft_no, "fp_parcel_no": life.fp_parcel_no, "description": "conformance"}
    kit.warehouse.post(_ACTIVITY, {**report, "event_time": now()}).stored()
    expect_equal(_parcel_of(kit, life)["status"], parcel["status"], "status after text alone")
    shipping = {**report, "milestone": "SHIPPING", "event_time": now() + 1}
    for _ in range(2):
        kit.warehouse.post(_ACTIVITY, shipping).stored()
    life.is_over = True
    expect_equal(_parcel_of(kit, life)["status"], "SHIPPING", "status of the parcel")


@CHAPTER.check("5.5", "missing text is refused with 400, unknown task and parcel with 404")
def parcel_activity_refusals(kit: Kit) -> None:
    life = kit.life("split")
    report = {
        "ft_no": life.ft_no,
        "fp_parcel_no": life.fp_parcel_no,
        "milestone": "DELIVERED",
        "description": "conformance",
        "event_time": now(),
    }
    for wrong, code in (
        ({"description": ""}, "400"),
        ({"event_time": None}, "400"),
        ({"milestone": "FLYING"}, "400"),
        ({"ft_no": "CK-NONE"}, "404"),
        ({"fp_parcel_no": "CK-NONE"}, "404"),
    ):
        reply = kit.warehouse.post(_ACTIVITY, {**report, **wrong})
        expect_equal(reply.code, code, f"code for {wrong}")


@CHAPTER.check("4.4", "a trace shows the parcel's milestones in the order of their times")
def traces(kit: Kit) -> None:
    life = kit.life("main")
    data = kit.shop.post(_TRACE, {"order_no": [life.order_no, "CK-NONE"]}).succeeded()
    trace = shapes.check(shapes.only(data, "data"), shapes.TRACE, "trace")
    activities = shapes.check_all(trace["activities"], shapes.TRACE_ACTIVITY, "activities")
    times = [int(str(activity["event_time"])) for activity in activities]
    expect_equal(times, sorted(times), "times")
    milestones = [each["milestone"] for each in activities if each["milestone"]]
    expect_equal(milestones[-1:], ["DELIVERED"], "last milestone")
    for milestone in ("SHIPPING", "PENDING DELIVERY"):
        expect(milestone in milestones, f"{milestone} is missing")
    expect_equal(trace["status"], "DELIVERED", "status")
    life.tracking_no = str(trace["tracking_no"] or "")


@CHAPTER.check("4.4", "a trace is found by tracking number, in a list or alone")
def traces_by_number(kit: Kit) -> None:
    life = kit.life("main")
    expect(life.tracking_no, "the parcel has no tracking number")
    for asked in ([life.tracking_no], life.tracking_no):
        data = kit.shop.post(_TRACE, {"tracking_no": asked}).succeeded()
        expect_equal(shapes.only(data, "data")["order_no"], life.order_no, "order_no")
    found = kit.parcels(tracking_no=life.tracking_no)
    expect_equal([each["parcel_id"] for each in found], [life.parcel_id], "Get Parcels")
    expect_equal(kit.shop.post(_TRACE, {"tracking_no": "CK-NONE"}).succeeded(), [], "data")


@CHAPTER.check("4.4", "neither number, or more than 50, are refused with 400; aliases are known")
def trace_refusals(kit: Kit) -> None:
    numbers = [str(number) for number in range(51)]
    kit.shop.post(_TRACE, {}).refused("400")
    kit.shop.post(_TRACE, {"order_no": numbers}).refused("400")
    paths = ["/rest/sc_api/order/track_trace", "/rest/sc_api/parcel/track"]
    kit.expect_same(kit.shop, paths, {})
