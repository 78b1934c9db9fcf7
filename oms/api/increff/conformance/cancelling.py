"""API 4: Seller Cancellation."""

from . import shapes
from .events import is_told_once
from .kit import CANCEL, PACK, Kit
from .shapes import Document
from .verdicts import Chapter, expect, expect_equal

CHAPTER: Chapter[Kit] = Chapter()


def _item(event: Document, code: str) -> Document:
    items = shapes.objects(event["orderItems"], "orderItems")
    return next(item for item in items if item["channelSkuCode"] == code)


@CHAPTER.check("7", "the same absolute value twice: 200, zero bytes, one event")
def twice(kit: Kit) -> None:
    suborder, code = kit.arrived("partial", 3), kit.first.code
    for count in (1, "1"):
        kit.efs.put(CANCEL, kit.cancellation(suborder, {code: count})).empty()
    item = _item(kit.told(suborder, "SUBORDER_PARTIAL_CANCEL"), code)
    expect_equal((item["orderedQuantity"], item["cancelledQuantity"]), (3, 1), "quantities")


@CHAPTER.check(
    "API 4", "the value is absolute: greater cancels the difference, smaller nothing (6.5)"
)
def absolute(kit: Kit) -> None:
    suborder, code = kit.suborder("partial"), kit.first.code
    for count in (2, 1):
        kit.efs.put(CANCEL, kit.cancellation(suborder, {code: count})).empty()
    kit.told(
        suborder,
        "SUBORDER_PARTIAL_CANCEL",
        lambda event: _item(event, code)["cancelledQuantity"] == 2,  # noqa: PLR2004 as above
    )
    expect(not is_told_once(kit, suborder, "SUBORDER_CANCEL"), "told of a whole cancellation")


@CHAPTER.check("API 4", "everything may be cancelled: SUBORDER_CANCEL, and no packing any more")
def whole(kit: Kit) -> None:
    suborder = kit.arrived("given-up", 1, 2)
    kit.efs.put(CANCEL, kit.cancellation(suborder, dict(suborder.units))).empty()
    event = kit.told(suborder, "SUBORDER_CANCEL")
    for code, count in suborder.units.items():
        expect_equal(_item(event, code)["cancelledQuantity"], count, "cancelledQuantity")
    cancelled = f"Order is cancelled: {suborder.order_code}"
    kit.efs.post(PACK, kit.contents(suborder)).said(cancelled)


@CHAPTER.check("API 4", "all lines or none: one that is too many keeps the others")
def all_or_none(kit: Kit) -> None:
    suborder = kit.arrived("greedy", 1, 1)
    units = {kit.first.code: 1, kit.second.code: 2}
    kit.efs.put(CANCEL, kit.cancellation(suborder, units)).refused()
    kit.efs.post(PACK, kit.contents(suborder)).document()


@CHAPTER.check("API 4", "a SKU twice, an unknown SKU, nothing, less than one: 400")
def refused(kit: Kit) -> None:
    suborder, code = kit.arrived("untouched", 2), kit.first.code
    line: Document = {"channelSkuCode": code, "cancelledQuantity": 1}
    twofold = kit.of(suborder, orderItems=[line, line])
    kit.efs.put(CANCEL, twofold).said(f"Duplicate sku in request: {code}")
    unknown = kit.cancellation(suborder, {"CK-UNKNOWN": 1})
    kit.efs.put(CANCEL, unknown).said("Sku not found: CK-UNKNOWN")
    kit.efs.put(CANCEL, kit.of(suborder, orderItems=[])).refused()
    kit.efs.put(CANCEL, kit.cancellation(suborder, {code: 0})).refused()


@CHAPTER.check("API 4", "an unknown order, channel or location is named")
def unknown(kit: Kit) -> None:
    suborder = kit.suborder("untouched")
    document = kit.cancellation(suborder, {kit.first.code: 1})
    for name, code, text in (
        ("orderCode", "CK-NONE", "Order not found"),
        ("channelName", "CK-NONE", "Invalid channel"),
        ("locationCode", "CK-NONE", "Invalid location code"),
    ):
        kit.efs.put(CANCEL, {**document, name: code}).said(f"{text}: {code}")


@CHAPTER.check("API 4", "the old key channelId is accepted where channelName is absent")
def old_key(kit: Kit) -> None:
    suborder = kit.suborder("untouched")
    document = kit.cancellation(suborder, {kit.first.code: 1})
    document["channelId"] = document.pop("channelName")
    kit.efs.put(CANCEL, document).empty()
    kit.told(suborder, "SUBORDER_PARTIAL_CANCEL")


@CHAPTER.check("7", "after pack nothing can be cancelled: 400 (6.7)")
def after_pack(kit: Kit) -> None:
    suborder = kit.packed("final", 2)
    kit.efs.put(CANCEL, kit.cancellation(suborder, {kit.first.code: 1})).refused()
