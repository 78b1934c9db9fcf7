"""API 3: what the installation tells of a sub-order, and how it is delivered (1.10)."""

from . import shapes
from .kit import CANCEL, PACK, Kit, Suborder
from .shapes import Document
from .shop import PRICE
from .verdicts import Chapter, NotApplicable, expect, expect_equal

CHAPTER: Chapter[Kit] = Chapter()
OPENING: Chapter[Kit] = Chapter()
CLOSING: Chapter[Kit] = Chapter()
_SILENCE = 46.0  # seconds; one more than a call may take
_FIRST_RETRY = 60.0
_PERIOD = 30.0  # between two rounds of the scheduler
_SLOW = "silent"


def _only(event: Document) -> Document:
    items = shapes.objects(event["orderItems"], "orderItems")
    expect_equal(len(items), 1, "number of orderItems")
    return items[0]


@OPENING.check("1.10", "a push is left without an answer for 46 seconds (judged at the end)")
def begin_silence(kit: Kit) -> None:
    if kit.options.is_quick:
        raise NotApplicable("left out by --quick")
    mailbox = kit.news()
    suborder = kit.place_awaited(
        _SLOW, 2, before=lambda code: mailbox.silences.update({code: _SILENCE})
    )
    kit.eventually(lambda: mailbox.of_order(suborder.order_code), "no push of the order came")
    body = kit.cancellation(suborder, {kit.first.code: 1})
    kit.efs.put(CANCEL, body).empty()


@CHAPTER.check(
    "API 3", "SUBORDER_CREATE has every field of all editions, dates and codes right (6.1)"
)
def created(kit: Kit) -> None:
    suborder = kit.place("main", 2, 1, note="conformance")
    event = kit.told(suborder, "SUBORDER_CREATE")
    expect_equal(event["locationCode"], kit.options.location, "locationCode")
    expect_equal(event["channelName"], kit.seller.channel, "channelName")
    expect_equal((event["onHold"], event["paymentMethod"]), (False, "NCOD"), "hold and payment")
    items = {
        str(item["channelSkuCode"]): item
        for item in shapes.objects(event["orderItems"], "orderItems")
    }
    expect_equal(set(items), set(suborder.units), "channelSkuCode of the EFS channel")
    for product in kit.options.products:
        item = items[product.code]
        expect_equal(item["clientSkuId"], product.barcode, "clientSkuId")
        expect_equal(item["orderedQuantity"], suborder.units[product.code], "orderedQuantity")
        expect_equal(item["cancelledQuantity"], 0, "cancelledQuantity")
        expect_equal(shapes.number(item["sellingPricePerUnit"]), float(PRICE), "selling price")
    name = shapes.an_object(event["shippingAddress"], "shippingAddress")["name"]
    expect_equal(name, "A Rao", "shippingAddress.name")


@CHAPTER.check("1.3", "a push is a POST of JSON with the static headers, unsigned")
def headers(kit: Kit) -> None:
    push = kit.news().of_order(kit.suborder("main").order_code)[0]
    expect_equal(push.headers["content-type"].split(";")[0], "application/json", "Content-Type")
    for name, value in kit.options.headers.items():
        expect_equal(push.headers.get(name.lower()), value, name)
    expect("authorization" not in push.headers or "Authorization" in kit.options.headers, "signed")
    expect("webhook-signature" not in push.headers, "signed")


@CHAPTER.check("6.10", "dates of order events are all of one style")
def one_style(kit: Kit) -> None:
    suborder = kit.suborder("main")
    event = kit.told(suborder, "SUBORDER_CREATE")
    dates = [event[name] for name in ("orderTime", "startProcessingTime", "requiredBy")]
    styles = {shapes.ZONED.fits(date) for date in dates}
    expect_equal(len(styles), 1, "number of styles")


@CHAPTER.check("1.12", "a hold is told, blocks packing, and its release is told")
def hold(kit: Kit) -> None:
    suborder = kit.arrived("held", 1)
    kit.seller.hold(suborder.order_code)
    kit.told(suborder, "SUBORDER_PROPERTIES_UPDATE", lambda event: event["onHold"] is True)
    held = f"Order is on hold: {suborder.order_code}"
    kit.efs.post(PACK, kit.contents(suborder)).said(held)
    kit.seller.release(suborder.order_code)
    kit.told(suborder, "SUBORDER_PROPERTIES_UPDATE", lambda event: event["onHold"] is False)
    kit.efs.post(PACK, kit.contents(suborder)).document()


@CHAPTER.check("API 3", "SUBORDER_CANCEL when the customer cancels; afterwards it cannot be packed")
def customer_cancels(kit: Kit) -> None:
    suborder = kit.arrived("unwanted", 2)
    kit.seller.cancel(suborder.order_code)
    item = _only(kit.told(suborder, "SUBORDER_CANCEL"))
    told = (item["cancelledQuantity"], item["customerCancelledQty"])
    expect_equal(told, (2, 2), "cancelled, and by the customer")
    cancelled = f"Order is cancelled: {suborder.order_code}"
    kit.efs.post(PACK, kit.contents(suborder)).said(cancelled)


@CHAPTER.check(
    "7", "answered 401: Get Credential is called once, the push repeated with its headers"
)
def renewed(kit: Kit) -> None:
    mailbox = kit.news()
    calls = mailbox.credential_calls
    suborder = kit.place_awaited("unauthorized", 1, before=mailbox.unauthorized.add)
    kit.eventually(
        lambda: suborder.order_code not in mailbox.unauthorized,
        "the push was not repeated with fresh headers",
    )
    expect_equal(mailbox.credential_calls - calls, 1, "calls of Get Credential")
    refused, repeated = mailbox.of_order(suborder.order_code)[:2]
    expect_equal(repeated.body, refused.body, "the repeated body")


@CLOSING.check("7", "left without an answer, the push is repeated with the same messageId")
def after_silence(kit: Kit) -> None:
    suborder = kit.suborder(_SLOW)
    patience = _SILENCE + _FIRST_RETRY + _PERIOD + kit.options.patience
    pushes = kit.eventually(
        lambda: kit.news().of_order(suborder.order_code, "SUBORDER_CREATE")[1:],
        "no second try",
        patience=patience,
    )
    first = kit.news().of_order(suborder.order_code)[0]
    expect_equal(pushes[0].document["messageId"], first.document["messageId"], "messageId")
    expect_equal(pushes[0].body, first.body, "body")
    waited = pushes[0].at - first.at
    expect(waited >= _FIRST_RETRY, f"tried again after {waited:.0f} s")


@CLOSING.check("1.10", "what failed blocks later events of its sub-order, and only of that one")
def first_in_first_out(kit: Kit) -> None:
    suborder = kit.suborder(_SLOW)
    kit.told(suborder, "SUBORDER_PARTIAL_CANCEL")
    types = [push.document["eventType"] for push in kit.news().of_order(suborder.order_code)]
    wanted = ["SUBORDER_CREATE", "SUBORDER_CREATE", "SUBORDER_PARTIAL_CANCEL"]
    expect_equal(types[:3], wanted, "order of events")


@CLOSING.check("1.10", "messageId rises within a sub-order and is never given twice")
def message_ids(kit: Kit) -> None:
    mailbox = kit.news()
    seen: dict[int, bytes] = {}
    for suborder in kit.suborders.values():
        ids: list[int] = []
        for push in mailbox.of_order(suborder.order_code):
            message_id = shapes.whole(push.document["messageId"])
            expect_equal(seen.setdefault(message_id, push.body), push.body, "body of a messageId")
            if message_id not in ids:
                ids.append(message_id)
        expect_equal(ids, sorted(ids), f"messageIds of {suborder.order_code}")


@CLOSING.check("6.12", "no push holds a status, a shipment, an invoice or a tracking number")
def no_documents(kit: Kit) -> None:
    banned = {"status", "orderStatus", "shipmentId", "invoiceCode", "awbNumber", "subOrderItems"}
    for push in kit.news().pushes:
        if not push.is_return:
            found = banned & set(push.document)
            expect(not found, f"{push.document.get('eventType')} has {', '.join(sorted(found))}")


def is_told_once(kit: Kit, suborder: Suborder, event_type: str) -> bool:
    """Whether a type of news came of an order in one notification."""
    return kit.events(suborder).count(event_type) == 1
