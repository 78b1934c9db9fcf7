"""Section 6: what the installation sends by itself."""

from collections.abc import Callable

from . import shapes
from .kit import FIRST_ITEM, Kit
from .listening import Mailbox
from .shapes import INT, LIST, OBJECT, STRING, STRINGS, Document, Shape
from .signing import push_signature
from .verdicts import Broken, Chapter, NotApplicable, expect, expect_equal

GREETING: Chapter[Kit] = Chapter()
CHAPTER: Chapter[Kit] = Chapter()
_MESSAGE: Shape = {
    "tenant_id": STRING,
    "api_key": STRING,
    "webhook_type": STRING,
    "message_type": STRING,
    "data": OBJECT,
    "timestamp": INT,
}
_ORDER_EVENT: Shape = {"order_no": STRING, "created_time": INT}
_CANCELLED: Shape = {"order_no": STRING, "canceller_items": STRINGS, "canceller_time": INT}
_TASK_RECEIVED: Shape = {
    "order_no": STRING,
    "ft_no": STRING,
    "fulfillment_point": STRING,
    "received_time": INT,
}
_PARCEL_PACKED: Shape = {
    "order_no": STRING,
    "ft_no": STRING,
    "parcel_id": INT,
    "fp_parcel_no": STRING,
    "packed_time": INT,
}
_PARCEL_STATUS: Shape = {
    "order_no": STRING,
    "parcel_id": INT,
    "fp_parcel_no": shapes.TEXT,
    "us_parcel_no": shapes.TEXT,
    "tracking_no": shapes.TEXT,
    "status": STRING,
    "event_time": INT,
}
_SPU_STATUS: Shape = {"spu_id": STRING, "upstream_status": STRING, "updated_time": INT}
_SPU_CHANGE: Shape = {"spu_id": STRING, "skus": LIST, "updated_time": INT}
_SKU_STOCK: Shape = {"sku_id": STRING, "seller_sku_code": STRING, "stock": INT}
_SKU_PRICE: Shape = {
    "sku_id": STRING,
    "seller_sku_code": STRING,
    "original_price": shapes.NUMBER,
    "current_price": shapes.NUMBER,
}
_DECIDED: Shape = {
    "order_no": STRING,
    "seller_comment": shapes.TEXT,
    "handled_by": shapes.TEXT,
    "handling_result": STRING,
    "reply_time": INT,
}
_NEW_TASK: Shape = {
    "ft_no": STRING,
    "order_no": STRING,
    "sales_channel": STRING,
    "created_time": INT,
}
_NEW_CANCELLATION: Shape = {**_NEW_TASK, "ct_no": STRING, "cancelled_items": STRINGS}
_REQUESTED: Shape = {
    "ft_no": STRING,
    "order_no": STRING,
    "sales_channel": STRING,
    "requested_time": INT,
    "items": LIST,
}
_LABEL: Shape = {
    "ft_no": STRING,
    "fp_parcel_no": shapes.TEXT,
    "delivery_carrier": shapes.TEXT,
    "delivery_type": shapes.TEXT,
    "tracking_no": shapes.TEXT,
    "obtained_time": INT,
}
_LABEL_UPDATED: Shape = {"ft_no": STRING, "fp_parcel_no": shapes.TEXT, "updated_time": INT}
_SECONDS_END = 100_000_000_000


def _mailbox(kit: Kit) -> Mailbox:
    if kit.mailbox is None:
        raise NotApplicable("start with --listen to take pushes")
    if not kit.mailbox.pushes:
        raise NotApplicable("no push came: do both push URLs lead here?")
    return kit.mailbox


def _message(
    kit: Kit, family: str, message: str, shape: Shape, fits: Callable[[Document], bool]
) -> Document:
    """The data of the first message of a type that fits, checked; or Broken."""
    mailbox = _mailbox(kit)

    def look() -> Document | None:
        for push in mailbox.of_type(family, message):
            data = push.document.get("data")
            if isinstance(data, dict) and fits(data):
                return data
        return None

    found = kit.eventually(look, f"no {message} came")
    return shapes.check(found, shape, message)


def _has(**members: object) -> Callable[[Document], bool]:
    return lambda data: all(data.get(name) == value for name, value in members.items())


def _seconds(data: Document, name: str) -> None:
    expect(int(str(data[name])) < _SECONDS_END, f"{name} is not in seconds")


def _millis(data: Document, name: str) -> None:
    expect(int(str(data[name])) >= _SECONDS_END, f"{name} is not in milliseconds")


@GREETING.check("6.1", "both push URLs are verified by a ping with empty data")
def pings(kit: Kit) -> None:
    if kit.mailbox is None:
        raise NotApplicable("start with --listen to take pushes")
    mailbox = kit.mailbox

    def both() -> bool:
        return bool(mailbox.of_type("SC", "ping") and mailbox.of_type("FP", "ping"))

    try:
        kit.eventually(both, "no ping")
    except Broken:
        raise NotApplicable("no ping came for both: perhaps they were verified before") from None
    for family in ("SC", "FP"):
        for push in mailbox.of_type(family, "ping"):
            expect_equal(push.document["data"], {}, "data")


@CHAPTER.check("6.1", "every push is a POST of JSON whose Authorization signs key and body")
def signed(kit: Kit) -> None:
    keys = {"SC": kit.options.channel, "FP": kit.options.point}
    for push in list(_mailbox(kit).pushes):
        document = shapes.check(push.document, _MESSAGE, "the push")
        key = keys[str(document["webhook_type"])]
        expect_equal(push.authorization, push_signature(key, push.body), "Authorization")
        expect_equal(
            (document["tenant_id"], document["api_key"]), (key.tenant_id, key.api_key), "key"
        )
        expect_equal(push.content_type.split(";")[0], "application/json", "Content-Type")
        _millis(document, "timestamp")


@CHAPTER.check("6.4", "new_order when an order was taken")
def new_order(kit: Kit) -> None:
    order_no = kit.life("main").order_no
    _seconds(
        _message(kit, "SC", "new_order", _ORDER_EVENT, _has(order_no=order_no)), "created_time"
    )


@CHAPTER.check("6.4", "ft_received_by_fp when the warehouse has the task")
def task_received(kit: Kit) -> None:
    number = kit.life("main").ft_no
    data = _message(kit, "SC", "ft_received_by_fp", _TASK_RECEIVED, _has(ft_no=number))
    _millis(data, "received_time")


@CHAPTER.check("6.4", "parcel_packed when a parcel was packed")
def parcel_packed(kit: Kit) -> None:
    life = kit.life("main")
    life.parcel()
    data = _message(
        kit, "SC", "parcel_packed", _PARCEL_PACKED, _has(fp_parcel_no=life.fp_parcel_no)
    )
    expect_equal(data["parcel_id"], life.parcel_id, "parcel_id")
    _millis(data, "packed_time")


@CHAPTER.check("6.4", "parcel_status_updated for each status a parcel takes")
def parcel_status(kit: Kit) -> None:
    life = kit.life("main")
    life.parcel()
    for status in ("SHIPPING", "PENDING DELIVERY", "DELIVERED"):
        fits = _has(parcel_id=life.parcel_id, status=status)
        data = _message(kit, "SC", "parcel_status_updated", _PARCEL_STATUS, fits)
        _millis(data, "event_time")


@CHAPTER.check("6.4", "cancle_order, spelt so, with the cancelled items")
def cancelled(kit: Kit) -> None:
    order_no = kit.life("partial").order_no
    data = _message(kit, "SC", "cancle_order", _CANCELLED, _has(order_no=order_no))
    expect_equal(data["canceller_items"], ["90001"], "canceller_items of the first")
    _millis(data, "canceller_time")


@CHAPTER.check("6.4", "spu_status_update when the status of an SPU changed")
def spu_status(kit: Kit) -> None:
    number = f"CK-{kit.began}"
    data = _message(kit, "SC", "spu_status_update", _SPU_STATUS, _has(spu_id=number))
    _millis(data, "updated_time")


@CHAPTER.check("6.4", "spu_price_update with the price an SPU has now")
def spu_price(kit: Kit) -> None:
    number = f"CK-{kit.began}-S"
    data = _message(kit, "SC", "spu_price_update", _SPU_CHANGE, _has(spu_id=number))
    [sku] = shapes.check_all(data["skus"], _SKU_PRICE, "skus")
    expect_equal((sku["original_price"], sku["current_price"]), (35, 19.9), "prices")
    _millis(data, "updated_time")


@CHAPTER.check("6.4", "spu_stock_update when the stock of an SPU changed")
def spu_stock(kit: Kit) -> None:
    number = f"CK-{kit.began}-S"
    data = _message(kit, "SC", "spu_stock_update", _SPU_CHANGE, _has(spu_id=number))
    [sku] = shapes.check_all(data["skus"], _SKU_STOCK, "skus")
    expect_equal(sku["seller_sku_code"], kit.options.seller_sku, "seller_sku_code")
    _millis(data, "updated_time")


@CHAPTER.check("6.4", "handle_buyer_cancellation when the seller decided about a wish")
def decided(kit: Kit) -> None:
    mailbox, order_no = _mailbox(kit), kit.life("wish").order_no
    pushed = [each.document["data"] for each in mailbox.of_type("SC", "handle_buyer_cancellation")]
    found = [data for data in pushed if shapes.an_object(data, "data").get("order_no") == order_no]
    if not found:
        raise NotApplicable("the seller decides in the installation's own pages, and has not")
    data = shapes.check(found[0], _DECIDED, "handle_buyer_cancellation")
    expect(data["handling_result"] in ("ACCEPT", "REJECT"), "handling_result")
    _millis(data, "reply_time")


@CHAPTER.check("6.3", "new_ft when a task was opened")
def new_task(kit: Kit) -> None:
    life = kit.life("main")
    data = _message(kit, "FP", "new_ft", _NEW_TASK, _has(ft_no=life.ft_no))
    expect_equal(data["order_no"], life.order_no, "order_no")
    _seconds(data, "created_time")


@CHAPTER.check("6.3", "new_ct with the cancelled details")
def new_cancellation(kit: Kit) -> None:
    life = kit.life("partial")
    data = _message(kit, "FP", "new_ct", _NEW_CANCELLATION, _has(ft_no=life.ft_no))
    details = [str(number) for number in life.detail_ids(FIRST_ITEM)]
    expect_equal(data["cancelled_items"], details, "cancelled_items")
    _seconds(data, "created_time")


@CHAPTER.check("6.3", "cancel_request when a buyer wishes to cancel")
def cancel_request(kit: Kit) -> None:
    life = kit.life("wish")
    data = _message(kit, "FP", "cancel_request", _REQUESTED, _has(ft_no=life.ft_no))
    shapes.check_all(data["items"], shapes.CANCEL_REQUEST_ITEM, "items")
    _seconds(data, "requested_time")


@CHAPTER.check("6.3", "generated_shipping_label, then shipping_label_updated")
def labels(kit: Kit) -> None:
    number = kit.life("main").ft_no
    data = _message(kit, "FP", "generated_shipping_label", _LABEL, _has(ft_no=number))
    _seconds(data, "obtained_time")
    data = _message(kit, "FP", "shipping_label_updated", _LABEL_UPDATED, _has(ft_no=number))
    _seconds(data, "updated_time")
