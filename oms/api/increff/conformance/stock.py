"""API 2: Update Inventory."""

from . import shapes
from .kit import INVENTORY, STOCK, Kit
from .shapes import Document
from .verdicts import Chapter, expect_equal
from .wire import Reply

CHAPTER: Chapter[Kit] = Chapter()
_MOST = 300


def _counted(kit: Kit, *products: Document) -> Reply:
    return kit.efs.put(INVENTORY, kit.at_location(products=list(products)))


def _line(code: str, quantity: object = STOCK) -> Document:
    return {"channelSkuCode": code, "quantity": quantity}


def _expect_split(reply: Reply, done: list[str], failed: list[str]) -> None:
    answer = shapes.check(reply.document(), shapes.STOCK, "the answer")
    expect_equal(answer["successProducts"], done, "successProducts")
    expect_equal(answer["failureProducts"], failed, "failureProducts")


@CHAPTER.check(
    "7", "one unknown SKU and a quantity as string: 200, the SKU in failureProducts (6.14)"
)
def unknown_sku(kit: Kit) -> None:
    reply = _counted(kit, _line(kit.first.code, str(STOCK)), _line("CK-UNKNOWN", "3"))
    _expect_split(reply, [kit.first.code], ["CK-UNKNOWN"])


@CHAPTER.check("API 2", "the contract's example; both arrays are there when empty")
def example(kit: Kit) -> None:
    reply = _counted(kit, _line(kit.first.code), _line(kit.second.code))
    _expect_split(reply, [kit.first.code, kit.second.code], [])


@CHAPTER.check("API 2", "a negative quantity fails alone")
def negative(kit: Kit) -> None:
    reply = _counted(kit, _line(kit.first.code), _line(kit.second.code, -1))
    _expect_split(reply, [kit.first.code], [kit.second.code])


@CHAPTER.check("API 2", "a SKU named twice is listed once")
def repeated(kit: Kit) -> None:
    reply = _counted(kit, _line(kit.first.code, 5), _line(kit.first.code))
    _expect_split(reply, [kit.first.code], [])


@CHAPTER.check("1.5", "a SKU may be named by its bar code as well")
def by_barcode(kit: Kit) -> None:
    _expect_split(_counted(kit, _line(kit.first.barcode)), [kit.first.barcode], [])


@CHAPTER.check("7", "301 lines: 400 BAD_DATA")
def too_many(kit: Kit) -> None:
    lines = [_line(f"CK-{place}") for place in range(_MOST + 1)]
    _counted(kit, *lines).said(f"Max {_MOST} items allowed")
    _expect_split(
        _counted(kit, *lines[:_MOST]), [], [str(line["channelSkuCode"]) for line in lines[:_MOST]]
    )


@CHAPTER.check("API 2", "no line, no location, a line without SKU: 400")
def refused(kit: Kit) -> None:
    _counted(kit).refused()
    kit.efs.put(INVENTORY, {"products": [_line(kit.first.code)]}).refused()
    _counted(kit, _line(kit.first.code), {"quantity": 1}).refused()
