"""Members and JSON types of what the contract's answers and pushes hold."""

import re
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


def _is_integer_of(bits: int) -> Callable[[object], bool]:
    return lambda value: isinstance(value, int) and _is_integer(value) and 0 < value < 2**bits


def _matches(pattern: str) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def word(*words: str) -> Type:
    """One of some words."""
    return Type(" or ".join(words), lambda value: value in words)


_DATE = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"
STRING = Type("string", lambda value: isinstance(value, str) and len(value) <= 255)  # noqa: PLR2004 the contract's limit of a text
FILLED = Type("non-empty string", lambda value: isinstance(value, str) and value != "")
BOOLEAN = Type("boolean", lambda value: isinstance(value, bool))
QUANTITY = Type(
    "quantity", lambda value: isinstance(value, int) and _is_integer(value) and value >= 0
)
INT32 = Type("int of 32 bits", _is_integer_of(31))
LONG = Type("long", _is_integer_of(63))
NUMBER = Type("number", lambda value: _is_integer(value) or isinstance(value, float))
OBJECT = Type("object", lambda value: isinstance(value, dict))
LIST = Type("object[]", lambda value: isinstance(value, list))
STRINGS = Type(
    "string[]",
    lambda value: isinstance(value, list) and all(isinstance(each, str) for each in value),
)
NULL = Type("null", lambda value: value is None)
ZONED = Type("date with [UTC]", _matches(_DATE + r"Z\[UTC\]"))
OFFSET = Type("date with milliseconds and offset", _matches(_DATE + r"\.\d{3}[+-]\d\d:\d\d"))
OFFSET_UTC = Type("date with milliseconds in UTC", _matches(_DATE + r"\.\d{3}\+00:00"))
URL = Type("URL", _matches(r"https?://\S+"))
TEXT = STRING | NULL
AMOUNT = NUMBER | NULL
COUNT = QUANTITY | NULL

Shape = Mapping[str, Type]

ERROR: Shape = {"code": FILLED, "message": FILLED, "description": FILLED | NULL}
STOCK: Shape = {"successProducts": STRINGS, "failureProducts": STRINGS}
PICKLIST: Shape = {"pickListId": INT32}
PACKED: Shape = {
    "orderCode": STRING,
    "locationCode": STRING,
    "channelId": STRING,
    "shipmentId": LONG,
    "shipmentCode": FILLED,
    "shippingLabel": OBJECT | NULL,
    "invoiceCode": FILLED,
    "invoiceUrl": URL | NULL,
    "invoice": FILLED | NULL,
    "invoiceDate": OFFSET,
    "invoiceDetails": LIST,
}
LABEL: Shape = {
    "transporter": FILLED,
    "awbNumber": FILLED,
    "shippingLabelUrl": URL | NULL,
    "shippingLabel": FILLED | NULL,
}
INVOICE_LINE: Shape = {
    "channelSkuCode": STRING,
    "clientSkuId": STRING,
    "quantity": QUANTITY,
    "netTaxAmountPerUnit": NUMBER,
    "netTaxAmountTotal": NUMBER,
    "baseSellingPricePerUnit": NUMBER,
    "baseSellingPriceTotal": NUMBER,
    "actualSellingPricePerUnit": NUMBER,
    "actualSellingPriceTotal": NUMBER,
    "taxItems": LIST,
}
TAX: Shape = {"type": FILLED, "rate": NUMBER, "taxPerUnit": NUMBER, "taxTotal": NUMBER}
MANIFEST: Shape = {
    "manifestCode": FILLED,
    "externalManifestCode": FILLED,
    "manifestUrl": URL | NULL,
    "manifest": FILLED | NULL,
}
HANDOVER: Shape = {"handoverDocumentUrl": URL}
ADDRESS: Shape = {
    "name": FILLED,
    "line1": FILLED,
    "line2": TEXT,
    "line3": TEXT,
    "city": TEXT,
    "state": TEXT,
    "zip": TEXT,
    "country": TEXT,
    "email": TEXT,
    "phone": TEXT,
}
ORDER_EVENT: Shape = {
    "locationCode": STRING,
    "messageId": LONG,
    "orderCode": STRING,
    "parentOrderCode": TEXT,
    "orderTime": ZONED | OFFSET,
    "startProcessingTime": ZONED | OFFSET,
    "requiredBy": ZONED | OFFSET,
    "paymentMethod": word("COD", "NCOD"),
    "isPriority": BOOLEAN,
    "channelName": STRING,
    "eventType": word(
        "SUBORDER_CREATE",
        "SUBORDER_PARTIAL_CANCEL",
        "SUBORDER_CANCEL",
        "SUBORDER_COMPLETE",
        "SUBORDER_PROPERTIES_UPDATE",
        "PACKED",
    ),
    "onHold": BOOLEAN,
    "orderCustomAttributes": OBJECT | NULL,
    "orderItems": LIST,
    "shippingAddress": OBJECT,
    "billingAddress": OBJECT,
    "virtualSkuDefinitions": LIST | NULL,
    "bundledSkuDefinitions": LIST | NULL,
}
ORDER_ITEM: Shape = {
    "orderItemCodes": STRINGS | NULL,
    "clientSkuId": FILLED,
    "channelSkuCode": FILLED,
    "barcode": TEXT,
    "orderedQuantity": QUANTITY,
    "cancelledQuantity": QUANTITY,
    "customerCancelledQty": COUNT,
    "sellerCancelledQty": COUNT,
    "sellerRejectQty": COUNT,
    "hoppedQuantity": COUNT,
    "sellingPricePerUnit": AMOUNT,
    "giftChargePerUnit": AMOUNT,
    "channelDiscount": AMOUNT,
    "sellerDiscount": AMOUNT,
    "shippingCharge": AMOUNT,
    "isVirtual": BOOLEAN,
    "externalItemCodes": STRINGS | NULL,
    "orderItemCustomAttributes": OBJECT | NULL,
}
RETURN_STATE = word("CREATED", "CANCELLED", "COMPLETED")
RETURN_EVENT: Shape = {
    "forwardOrderCode": STRING,
    "returnOrderCode": STRING,
    "locationCode": STRING,
    "channelName": STRING,
    "eventType": word(
        "RETURN_ORDER_CREATE",
        "RETURN_ORDER_UPDATE",
        "RETURN_ORDER_CANCEL",
        "RETURN_ORDER_PARTIAL_CANCEL",
        "RETURN_ORDER_COMPLETE",
    ),
    "returnOrderTime": OFFSET_UTC | NULL,
    "orderItems": LIST,
    "orderType": word("CUSTOMER_RETURN", "RETURN_TO_ORIGIN", "SELF_SHIP"),
    "awbNumber": STRING,
    "transporter": STRING,
    "status": RETURN_STATE,
    "orderCustomAttributes": OBJECT | NULL,
    "orderItemCustomAttributes": LIST | NULL,
    "virtualSkuDefinitions": LIST | NULL,
    "bundledSkuDefinitions": LIST | NULL,
}
RETURN_ITEM: Shape = {
    "returnItemCode": FILLED,
    "reason": STRING,
    "channelSkuCode": FILLED,
    "status": RETURN_STATE,
    "isBundled": BOOLEAN | NULL,
}


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


def check(document: object, shape: Shape, what: str, *, may_have_more: bool = False) -> Document:
    """Exactly these members, of these types; Broken names those that differ."""
    found = an_object(document, what)
    missing = sorted(set(shape) - set(found))
    expect(not missing, f"{what} lacks {', '.join(missing)}")
    surplus = sorted(name for name in set(found) - set(shape) if found[name] is not None)
    expect(may_have_more or not surplus, f"{what} has undocumented {', '.join(surplus)}")
    for name, kind in shape.items():
        expect(kind.fits(found[name]), f"{what}.{name} is not {kind.name}: {found[name]!r}")
    return found


def check_order_event(document: object) -> Document:
    """A push of API 3 with its items and addresses."""
    event = check(document, ORDER_EVENT, "the push")
    for item in objects(event["orderItems"], "orderItems"):
        check(item, ORDER_ITEM, "orderItems")
        _check_quantities(item)
    for name in ("shippingAddress", "billingAddress"):
        check(event[name], ADDRESS, name)
    return event


def _check_quantities(item: Document) -> None:
    parts = ("customerCancelledQty", "sellerCancelledQty", "hoppedQuantity")
    total = sum(whole(item[name] or 0) for name in parts)
    expect(
        item["cancelledQuantity"] == total,
        f"cancelledQuantity is {item['cancelledQuantity']}, its parts make {total}",
    )


def check_return_event(document: object) -> Document:
    """A push of API 10 with its units."""
    event = check(document, RETURN_EVENT, "the push", may_have_more=True)
    for unit in objects(event["orderItems"], "orderItems"):
        check(unit, RETURN_ITEM, "orderItems")
    return event


def check_packed(document: object) -> Document:
    """An answer of API 7 with its label and its invoice's lines."""
    packed = check(document, PACKED, "the answer")
    for line in objects(packed["invoiceDetails"], "invoiceDetails"):
        check(line, INVOICE_LINE, "invoiceDetails")
        for tax in objects(line["taxItems"], "taxItems"):
            check(tax, TAX, "taxItems")
    if packed["shippingLabel"] is not None:
        check(packed["shippingLabel"], LABEL, "shippingLabel")
    return packed


def whole(value: object) -> int:
    """A whole number, or Broken."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise Broken(f"{value!r} is not a whole number")
    return value


def number(value: object) -> float:
    """A number, or Broken."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Broken(f"{value!r} is not a number")
    return float(value)
