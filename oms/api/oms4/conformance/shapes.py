"""Members and JSON types of what the contract's answers hold."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .verdicts import Broken, expect

Document = dict[str, object]


@dataclass(frozen=True, slots=True)
class Type:
    """A JSON type in the contract's words."""

    name: str
    fits: Callable[[object], bool]

    def __or__(self, other: "Type") -> "Type":
        return Type(
            f"{self.name} or {other.name}", lambda value: self.fits(value) or other.fits(value)
        )


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


STRING = Type("String", lambda value: isinstance(value, str))
INT = Type("Integer", _is_integer)
NUMBER = Type("Number", lambda value: _is_integer(value) or isinstance(value, float))
OBJECT = Type("Object", lambda value: isinstance(value, dict))
LIST = Type("Object[]", lambda value: isinstance(value, list))
STRINGS = Type(
    "String[]",
    lambda value: isinstance(value, list) and all(isinstance(each, str) for each in value),
)
NULL = Type("null", lambda value: value is None)
FLAG = Type("0 or 1", lambda value: _is_integer(value) and value in (0, 1))
TEXT = STRING | NULL
TIME = INT | NULL
AMOUNT = NUMBER | NULL

Shape = Mapping[str, Type]

ENVELOPE: Shape = {
    "code": STRING,
    "message": STRING,
    "data": OBJECT | LIST | NULL,
    "request_id": STRING,
}
ORDER: Shape = {
    "order_no": STRING,
    "order_type": TEXT,
    "sales_channel": STRING,
    "upstream_system": STRING,
    "order_status": STRING,
    "order_date": INT,
    "last_updated_date": INT,
    "cross_border": FLAG,
    "campaign_id": TEXT,
    "ref_code": TEXT,
    "ship_by_date": TIME,
    "upstream_allow_split": FLAG,
    "currency": STRING,
    "country": STRING,
    "customer_remark": TEXT,
    "seller_remark": TEXT,
    "customer_id": TEXT,
    "customer_name": TEXT,
    "customer_email": TEXT,
    "customer_phone": TEXT,
    "shipping_info": OBJECT | NULL,
    "payment_info": OBJECT | NULL,
    "items": LIST,
}
ORDER_ITEM: Shape = {
    "order_item_id": INT,
    "orig_order_item_id": INT | STRING,
    "order_item_status": STRING,
    "seller_sku_code": STRING,
    "qty": INT,
}
PARCEL: Shape = {
    "parcel_id": INT,
    "parcel_type": TEXT,
    "created_date": INT,
    "fulfillment_point": STRING,
    "fp_parcel_no": TEXT,
    "us_parcel_no": TEXT,
    "status": STRING,
    "weight": AMOUNT,
    "length": AMOUNT,
    "height": AMOUNT,
    "width": AMOUNT,
    "tracking_no": TEXT,
    "source_location": TEXT,
    "dest_location": TEXT,
    "waybill_url": TEXT,
    "items": LIST,
    "order_no": STRING,
    "delivery_carrier": TEXT,
    "delivery_type": TEXT,
}
PARCEL_ITEM: Shape = {
    "orig_order_item_id": INT | STRING,
    "order_item_status": STRING,
    "sc_spu_id": TEXT,
    "sc_sku_code": TEXT,
    "seller_sku_code": TEXT,
    "sku_name": TEXT,
    "qty": INT,
}
TRACE: Shape = {
    "order_no": STRING,
    "parcel_id": INT,
    "fp_parcel_no": TEXT,
    "us_parcel_no": TEXT,
    "delivery_carrier": TEXT,
    "tracking_no": TEXT,
    "status": STRING,
    "activities": LIST,
}
TRACE_ACTIVITY: Shape = {"milestone": TEXT, "description": TEXT, "event_time": INT}
TASK: Shape = {
    "ft_no": STRING,
    "fp_name": STRING,
    "created_time": INT,
    "status": STRING,
    "allow_ft_split": FLAG,
    "order_no": STRING,
    "sc_type": STRING,
    "sales_channel": STRING,
    "order_created_time": INT,
    "packing_instruction": TEXT,
    "delivery_instruction": TEXT,
    "ship_by_date": TIME,
    "cross_border": FLAG,
    "country": TEXT,
    "state": TEXT,
    "city": TEXT,
    "district": TEXT,
    "address": TEXT,
    "postcode": TEXT,
    "name": TEXT,
    "organization": TEXT,
    "phone": TEXT,
    "email": TEXT,
    "delivery_carrier": TEXT,
    "delivery_type": TEXT,
    "avail_delivery_carrier": LIST,
    "task_details": LIST,
}
CARRIER: Shape = {"name": STRING, "id": STRING}
TASK_DETAIL: Shape = {
    "order_item_status": STRING,
    "order_item_id": INT,
    "task_detail_id": INT,
    "seller_sku_code": STRING,
    "brand_code": TEXT,
    "brand_sku_code": TEXT,
    "sku_name": TEXT,
    "qty": INT,
    "orig_order_item_id": INT | STRING,
}
SHIPPING: Shape = {"ft_no": STRING, "parcels": LIST}
SHIPPING_PARCEL: Shape = {
    "parcel_id": INT,
    "fp_parcel_no": TEXT,
    "delivery_carrier": TEXT,
    "delivery_type": TEXT,
    "tracking_no": TEXT,
    "shipping_label": TEXT,
}
TASK_PAGE: Shape = {"total_count": INT, "cursor": INT, "ft_list": LIST}
CANCELLATION_PAGE: Shape = {"total_count": INT, "cursor": INT, "ct_list": LIST}
CANCELLATION: Shape = {
    "ct_no": STRING,
    "ft_no": STRING,
    "order_no": STRING,
    "created_time": INT,
    "updated_time": INT,
    "status": STRING,
    "task_details": LIST,
}
CANCELLATION_DETAIL: Shape = {
    "ft_detail_id": INT,
    "seller_sku_code": TEXT,
    "brand_code": TEXT,
    "brand_sku_code": TEXT,
    "sku_name": TEXT,
}
CANCEL_REQUEST: Shape = {
    "ft_no": STRING,
    "requested_Time": INT,
    "handling_Result": STRING,
    "reply_Time": STRING,
    "status": STRING,
    "items": LIST,
}
CANCEL_REQUEST_ITEM: Shape = {"task_detail_id": STRING, "qty": INT}
SYNCED: Shape = {"success_sync_records": INT}


def objects(value: object, what: str) -> list[Document]:
    """A list of objects, or Broken."""
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise Broken(f"{what} is not a list of objects")
    return value


def an_object(value: object, what: str) -> Document:
    """An object, or Broken."""
    if not isinstance(value, dict):
        raise Broken(f"{what} is not an object")
    return value


def only(value: object, what: str) -> Document:
    """The one object of a list, or Broken."""
    found = objects(value, what)
    if len(found) != 1:
        raise Broken(f"{what} has {len(found)} entries instead of one")
    return found[0]


def check(document: object, shape: Shape, what: str, *, may_have_more: bool = False) -> Document:
    """Exactly these members, of these types; Broken names those that differ."""
    found = an_object(document, what)
    missing = sorted(set(shape) - set(found))
    expect(not missing, f"{what} lacks {', '.join(missing)}")
    surplus = sorted(set(found) - set(shape))
    expect(may_have_more or not surplus, f"{what} has undocumented {', '.join(surplus)}")
    for name, kind in shape.items():
        expect(kind.fits(found[name]), f"{what}.{name} is not {kind.name}")
    return found


def check_all(value: object, shape: Shape, what: str) -> list[Document]:
    """A list whose every object has the shape."""
    return [check(each, shape, what) for each in objects(value, what)]


def check_order(document: object) -> Document:
    """An order of Get Orders; its items may have what the client sent besides."""
    order = check(document, ORDER, "order")
    for item in objects(order["items"], "items"):
        check(item, ORDER_ITEM, "items", may_have_more=True)
    return order


def check_parcel(document: object) -> Document:
    """A parcel of Get Parcels with its items."""
    parcel = check(document, PARCEL, "parcel")
    check_all(parcel["items"], PARCEL_ITEM, "items")
    return parcel


def check_task(document: object) -> Document:
    """A fulfillment task with its details and carriers."""
    task = check(document, TASK, "task")
    check_all(task["task_details"], TASK_DETAIL, "task_details")
    check_all(task["avail_delivery_carrier"], CARRIER, "avail_delivery_carrier")
    return task


def check_cancellation(document: object) -> Document:
    """A cancellation task with its details."""
    cancellation = check(document, CANCELLATION, "cancellation task")
    check_all(cancellation["task_details"], CANCELLATION_DETAIL, "task_details")
    return cancellation


def base64_pdf(value: object) -> str:
    """A PDF document as the contract sends it: base64 without a `data:` prefix; or Broken."""
    try:
        content = base64.b64decode(str(value), validate=True)
    except ValueError:
        raise Broken("shipping_label is not base64") from None
    expect(content.startswith(b"%PDF-"), "shipping_label is no PDF")
    return str(value)
