"""APIs 10 and 11: returns are announced, and their units judged."""

from collections.abc import Mapping

from . import shapes
from .kit import COMBINED, RETURN, Kit, Suborder
from .listening import Push
from .shapes import Document
from .verdicts import Chapter, NotApplicable, expect, expect_equal

CHAPTER: Chapter[Kit] = Chapter()
_PASS, _FAIL = "PASS", "FAIL"


def _announced(kit: Kit, word: str, units: int) -> str:
    """A return of so many units of an order that was handed over, not known to be told."""
    suborder = kit.packed(f"{word}-order", units)
    kit.efs.post(COMBINED, kit.load(suborder, transporter="SELF")).document()
    kit.told(suborder, "SUBORDER_COMPLETE")
    code = kit.code(word)
    wanted = {f"{code}-{place}": kit.first.shop_sku for place in range(1, units + 1)}
    kit.seller.announce_return(code, suborder.order_code, {**wanted})
    kit.kept[word] = code
    return code


def _told(kit: Kit, code: str, event_type: str) -> Document:
    def look() -> Push | None:
        found = kit.news().of_return(code)
        return next((p for p in found if p.document["eventType"] == event_type), None)

    push = kit.eventually(look, f"no {event_type} of {code} came")
    return shapes.check_return_event(push.document)


def _known(kit: Kit, word: str) -> tuple[str, Suborder]:
    if word not in kit.kept:
        raise NotApplicable(f"the return {word!r} was not announced")
    return str(kit.kept[word]), kit.suborder(f"{word}-order")


def _result(kit: Kit, word: str, units: Mapping[str, str], **changes: object) -> Document:
    """A body of API 11: results by return item code."""
    code, suborder = _known(kit, word)
    items: list[Document] = [
        {"returnItemCode": item, "channelSkuCode": kit.first.code, "qcStatus": result}
        for item, result in units.items()
    ]
    for item in items:
        if item["qcStatus"] == _FAIL:
            item["qcReason"] = "STAIN_DAMAGE"
            item["imageUrls"] = ["https://img.example/910.jpg"]
    return (
        kit.at_channel(
            returnOrderCode=code,
            forwardOrderCode=suborder.order_code,
            awbNumber=f"RV-{code}",
            transporter="SWIFT",
            orderItems=items,
        )
        | changes
    )


def _judged(kit: Kit, word: str) -> list[str]:
    code, _ = _known(kit, word)
    return sorted(str(unit["qc_status"]) for unit in kit.seller.return_units(code))


@CHAPTER.check(
    "API 10", "RETURN_ORDER_CREATE with one item per unit, offset times, no messageId (6.9, 6.13)"
)
def announced(kit: Kit) -> None:
    code = _announced(kit, "back", 3)
    event = _told(kit, code, "RETURN_ORDER_CREATE")
    _, suborder = _known(kit, "back")
    expect("messageId" not in event, "there is a messageId")
    expect_equal(event["forwardOrderCode"], suborder.order_code, "forwardOrderCode")
    expect_equal(event["locationCode"], kit.options.location, "locationCode")
    told = (event["channelName"], event["orderType"], event["status"])
    expect_equal(told, (kit.seller.channel, "CUSTOMER_RETURN", "CREATED"), "channel, type, status")
    expect_equal((event["awbNumber"], event["transporter"]), (f"RV-{code}", "SWIFT"), "courier")
    units = shapes.objects(event["orderItems"], "orderItems")
    codes = sorted(str(unit["returnItemCode"]) for unit in units)
    expect_equal(codes, [f"{code}-{place}" for place in (1, 2, 3)], "returnItemCodes")
    for unit in units:
        expect_equal(unit["channelSkuCode"], kit.first.code, "channelSkuCode")
        expect_equal((unit["reason"], unit["status"]), ("too small", "CREATED"), "unit")


@CHAPTER.check("API 11", "the contract's example: a unit fails, 200, zero bytes")
def example(kit: Kit) -> None:
    code, _ = _known(kit, "back")
    kit.efs.post(RETURN, _result(kit, "back", {f"{code}-1": _FAIL})).empty()
    expect_equal(_judged(kit, "back"), ["fail", "pending", "pending"], "results")


@CHAPTER.check("API 11", "the same result again changes nothing; another one is 400")
def repeated(kit: Kit) -> None:
    code, _ = _known(kit, "back")
    kit.efs.post(RETURN, _result(kit, "back", {f"{code}-1": _FAIL})).empty()
    kit.efs.post(RETURN, _result(kit, "back", {f"{code}-1": _PASS})).refused()
    expect_equal(_judged(kit, "back"), ["fail", "pending", "pending"], "results")


@CHAPTER.check("7", "a made-up returnItemCode with a valid SKU: 200")
def made_up(kit: Kit) -> None:
    kit.efs.post(RETURN, _result(kit, "back", {"CK-MADE-UP": _PASS})).empty()
    expect_equal(_judged(kit, "back"), ["fail", "pass", "pending"], "results")


@CHAPTER.check("API 11", "courier and number other than announced are taken; all units end it")
def completed(kit: Kit) -> None:
    code, _ = _known(kit, "back")
    other = {"awbNumber": "CK-OTHER", "transporter": "HERON"}
    kit.efs.post(RETURN, _result(kit, "back", {f"{code}-3": _PASS}, **other)).empty()
    expect_equal(_judged(kit, "back"), ["fail", "pass", "pass"], "results")
    event = _told(kit, code, "RETURN_ORDER_COMPLETE")
    expect_equal(event["status"], "COMPLETED", "status")


@CHAPTER.check("API 11", "no unit left, unknown return, order of another, no unit: 400")
def refused(kit: Kit) -> None:
    for units in ({"CK-TOO-MANY": _PASS}, {}):
        kit.efs.post(RETURN, _result(kit, "back", units)).refused()
    for changes in ({"returnOrderCode": "CK-NONE"}, {"forwardOrderCode": "CK-NONE"}):
        kit.efs.post(RETURN, _result(kit, "back", {"CK-1": _PASS}, **changes)).refused()
    kit.efs.post(RETURN, _result(kit, "back", {"CK-1": "PERHAPS"})).refused()


@CHAPTER.check("API 10", "RETURN_ORDER_CANCEL when it will not come; it cannot be judged then")
def cancelled(kit: Kit) -> None:
    code = _announced(kit, "never", 1)
    _told(kit, code, "RETURN_ORDER_CREATE")
    kit.seller.cancel_return(code)
    event = _told(kit, code, "RETURN_ORDER_CANCEL")
    [unit] = shapes.objects(event["orderItems"], "orderItems")
    expect_equal((event["status"], unit["status"]), ("CANCELLED", "CANCELLED"), "status")
    kit.efs.post(RETURN, _result(kit, "never", {f"{code}-1": _PASS})).refused()
