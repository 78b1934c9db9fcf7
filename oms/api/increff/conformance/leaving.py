"""APIs 8, 9 and 12: manifests and hand-over."""

from . import shapes
from .events import is_told_once
from .kit import COMBINED, HANDOVER, MANIFEST, Kit, Suborder
from .shapes import Document
from .verdicts import Chapter, expect, expect_equal
from .wire import opened_pdf

CHAPTER: Chapter[Kit] = Chapter()
_MOST = 500


def _manifested(kit: Kit, *suborders: Suborder, **members: object) -> Document:
    answer = kit.efs.post(MANIFEST, kit.load(*suborders, **members)).document()
    return shapes.check(answer, shapes.MANIFEST, "the answer")


def _handed(kit: Kit, path: str, *suborders: Suborder, **members: object) -> bytes:
    """The PDF that the answer's address opens."""
    answer = kit.efs.post(path, kit.load(*suborders, **members)).document()
    found = shapes.check(answer, shapes.HANDOVER, "the answer")
    return opened_pdf(found["handoverDocumentUrl"])


def _completed(kit: Kit, suborder: Suborder) -> None:
    kit.told(suborder, "SUBORDER_COMPLETE")
    expect(is_told_once(kit, suborder, "SUBORDER_COMPLETE"), "told more than once")


@CHAPTER.check(
    "7", "combined hand-over with SELF right after pack: document, then SUBORDER_COMPLETE"
)
def combined(kit: Kit) -> None:
    suborder = kit.packed("combined")
    _handed(kit, COMBINED, suborder, transporter="SELF")
    _completed(kit, suborder)


@CHAPTER.check("API 12", "the same again answers 200 and tells nothing new")
def combined_again(kit: Kit) -> None:
    suborder = kit.suborder("combined")
    suborder.expect_packed()
    _handed(kit, COMBINED, suborder, transporter="SELF")
    _handed(kit, "/cims/push/usp/handover/combined", suborder, transporter="SELF")
    _completed(kit, suborder)


@CHAPTER.check("API 8", "packed orders are put on a manifest whose address opens a PDF")
def manifest(kit: Kit) -> None:
    suborders = [kit.packed(word) for word in ("load-a", "load-b")]
    found = _manifested(kit, *suborders)
    expect(found["manifestUrl"] is not None, "manifestUrl is empty")
    opened_pdf(found["manifestUrl"])
    kit.kept["manifest"] = found["manifestCode"]


@CHAPTER.check("API 8", "the same orders again: the first manifest; in other company: 400, named")
def manifest_again(kit: Kit) -> None:
    first, second = kit.suborder("load-a"), kit.suborder("load-b")
    again = _manifested(kit, second, first)
    expect_equal(again["manifestCode"], kit.kept.get("manifest"), "manifestCode")
    third = kit.packed("load-c")
    error = kit.efs.post(MANIFEST, kit.load(first, third)).refused()
    expect(first.order_code in str(error["description"]), "the order is not named")
    expect(third.order_code not in str(error["description"]), "another order is named")


@CHAPTER.check("API 8", "an order that is not packed, an unknown one, none, more than 500: 400")
def manifest_refused(kit: Kit) -> None:
    kit.efs.post(MANIFEST, kit.load(kit.arrived("early", 1))).refused()
    for codes in (["CK-NONE"], []):
        kit.efs.post(MANIFEST, {**kit.load(), "orderCodes": codes}).refused()
    many = [f"CK-{place}" for place in range(_MOST + 1)]
    for path in (MANIFEST, HANDOVER, COMBINED):
        document = {**kit.load(), "orderCodes": many}
        kit.efs.post(path, document).said(f"Max {_MOST} items allowed")


@CHAPTER.check("API 8", "a courier other than the label's is taken, whatever its letter case")
def other_courier(kit: Kit) -> None:
    _manifested(kit, kit.suborder("load-c"), transporter="somebody else")


@CHAPTER.check("API 9", "the contract's example: handed over, document, SUBORDER_COMPLETE of each")
def handover(kit: Kit) -> None:
    suborders = [kit.suborder("load-a"), kit.suborder("load-b")]
    remarks = {"remarks": "gate 2", "vehicleNumber": "KA01X1"}
    _handed(kit, HANDOVER, *suborders, ewayBillDocument=None, lrNumber=None, **remarks)
    for suborder in suborders:
        _completed(kit, suborder)


@CHAPTER.check("API 9", "the same orders again: the first document, nothing told twice")
def handover_again(kit: Kit) -> None:
    suborders = [kit.suborder("load-a"), kit.suborder("load-b")]
    documents = {_handed(kit, HANDOVER, *suborders) for _ in range(2)}
    expect_equal(len(documents), 1, "number of different documents")
    for suborder in suborders:
        _completed(kit, suborder)


@CHAPTER.check("6.8", "hand-over without a manifest, and without a picklist, works")
def straight(kit: Kit) -> None:
    suborder = kit.packed("straight")
    _handed(kit, HANDOVER, suborder)
    _completed(kit, suborder)


@CHAPTER.check("API 9", "a mixture of completed and packed orders: the packed ones are handed over")
def mixture(kit: Kit) -> None:
    done, fresh = kit.suborder("straight"), kit.packed("mixed")
    _handed(kit, HANDOVER, done, fresh)
    _completed(kit, fresh)
    _completed(kit, done)


@CHAPTER.check("API 9", "one order that is not packed keeps the others, and is named")
def handover_refused(kit: Kit) -> None:
    ready, early = kit.packed("ready"), kit.suborder("early")
    for path in (HANDOVER, COMBINED):
        told = str(kit.efs.post(path, kit.load(ready, early)).refused()["description"])
        expect(early.order_code in told, f"description {told!r}")
    expect("SUBORDER_COMPLETE" not in kit.events(ready), "told of a hand-over that was refused")
