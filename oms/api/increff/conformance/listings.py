"""API 1: Listing Creation."""

from .kit import LISTING, Kit
from .shapes import Document
from .verdicts import Chapter, expect, expect_equal
from .wire import Reply

CHAPTER: Chapter[Kit] = Chapter()
_MOST = 5000


def _listing(kit: Kit, **changes: object) -> Document:
    code = kit.first.code
    known: Document = {"channelSkuCode": code, "channelSerialNo": code}
    return {**known, "barcode": kit.first.barcode, **changes}


def _created(kit: Kit, *listings: Document) -> Reply:
    return kit.efs.post(LISTING, {"skuListings": list(listings)})


@CHAPTER.check(
    "7", "a listing without toleranceDays and without authDomainName: 200, zero bytes (6.3)"
)
def without_tolerance(kit: Kit) -> None:
    second = kit.second
    other = _listing(
        kit, channelSkuCode=second.code, channelSerialNo=second.code, barcode=second.barcode
    )
    _created(kit, _listing(kit), other).empty()


@CHAPTER.check("API 1", "the contract's example; the same again changes nothing")
def example(kit: Kit) -> None:
    for _ in range(2):
        _created(kit, _listing(kit, toleranceDays=None)).empty()


@CHAPTER.check("API 1", "another serial number or tolerance updates the listing")
def updated(kit: Kit) -> None:
    _created(kit, _listing(kit, channelSerialNo="CK-SERIAL", toleranceDays="30")).empty()
    _created(kit, _listing(kit)).empty()


@CHAPTER.check("API 1", "a known code with another bar code: 400 RESOURCE_EXISTS, code named")
def contradiction(kit: Kit) -> None:
    error = _created(kit, _listing(kit, barcode=kit.second.barcode)).refused(code="RESOURCE_EXISTS")
    told = str(error["description"])
    expect(told.startswith("[") and f"{kit.first.code}: " in told, f"description {told!r}")


@CHAPTER.check("API 1", "one bad line keeps all of them out, and every bad line is named")
def all_or_nothing(kit: Kit) -> None:
    good, bad, worse = (kit.code(word) for word in ("good", "bad", "worse"))
    fresh = _listing(kit, channelSkuCode=good, channelSerialNo=good)
    lines = [
        _listing(kit, channelSkuCode=code, channelSerialNo=code, barcode=f"none-{code}")
        for code in (bad, worse)
    ]
    told = str(_created(kit, fresh, *lines).refused()["description"])
    expect(f"{bad}: " in told and f"{worse}: " in told, f"description {told!r}")
    expect(f"{good}: " not in told, f"description {told!r}")
    # Had it been stored, another bar code would contradict it.
    again = {**fresh, "barcode": f"none-{good}"}
    expect_equal(_created(kit, again).refused()["code"], "BAD_DATA", "code")


@CHAPTER.check("API 1", "missing members, a code twice, a negative tolerance, no line: 400")
def refused(kit: Kit) -> None:
    for name in ("channelSkuCode", "channelSerialNo", "barcode"):
        error = _created(kit, _listing(kit, **{name: None})).refused()
        expect(f"skuListings[0].{name}: " in str(error["description"]), "field is not named")
    _created(kit, _listing(kit), _listing(kit)).refused()
    _created(kit, _listing(kit, toleranceDays=-1)).refused()
    _created(kit).refused()
    kit.efs.post(LISTING, {}).refused()


@CHAPTER.check("1.8", "more than 5000 listings: 400, and the message tells the limit")
def too_many(kit: Kit) -> None:
    lines = [_listing(kit, channelSkuCode=f"CK-{place}") for place in range(_MOST + 1)]
    _created(kit, *lines).said(f"Max {_MOST} items allowed")
