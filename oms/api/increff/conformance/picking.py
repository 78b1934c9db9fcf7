"""APIs 5 and 6: picklists."""

from . import shapes
from .kit import ADD_TO_PICKLIST, CREATE_PICKLIST, PACK, Kit, Suborder
from .verdicts import Chapter, NotApplicable, expect, expect_equal

CHAPTER: Chapter[Kit] = Chapter()
_MOST = 500


def _created(kit: Kit, *suborders: Suborder, **members: object) -> object:
    answer = kit.efs.post(CREATE_PICKLIST, kit.group(*suborders, **members)).document()
    return shapes.check(answer, shapes.PICKLIST, "the answer")["pickListId"]


def _open_list(kit: Kit) -> object:
    if "picklist" not in kit.kept:
        raise NotApplicable("no picklist was created")
    return kit.kept["picklist"]


@CHAPTER.check("API 5", "orders of a picklist are released; the id fits 32 bits")
def create(kit: Kit) -> None:
    suborders = [kit.arrived(word, 1) for word in ("picked-a", "picked-b")]
    kit.kept["code"] = kit.code("pick")
    kit.kept["picklist"] = _created(kit, *suborders, pickListCode=kit.kept["code"])


@CHAPTER.check(
    "API 5", "same code and orders: the same id; same code, other orders: RESOURCE_EXISTS"
)
def repeated(kit: Kit) -> None:
    number, code = _open_list(kit), kit.kept["code"]
    first, second = kit.suborder("picked-a"), kit.suborder("picked-b")
    expect_equal(_created(kit, second, first, pickListCode=code), number, "pickListId")
    other = kit.group(first, pickListCode=code)
    kit.efs.post(CREATE_PICKLIST, other).refused(code="RESOURCE_EXISTS")


@CHAPTER.check("API 5", "one order that cannot be released keeps the others, and is named")
def all_or_nothing(kit: Kit) -> None:
    _open_list(kit)
    released, fresh = kit.suborder("picked-a"), kit.arrived("fresh", 1)
    told = str(kit.efs.post(CREATE_PICKLIST, kit.group(fresh, released)).refused()["description"])
    expect(released.order_code in told, f"description {told!r}")
    expect(fresh.order_code not in told, f"description {told!r}")
    twofold = kit.group(fresh, fresh)
    kit.efs.post(CREATE_PICKLIST, twofold).refused()
    unknown = kit.at_channel(orderList=[{"orderCode": "CK-NONE"}])
    kit.efs.post(CREATE_PICKLIST, unknown).refused()


@CHAPTER.check("API 6", "an order is added, zero bytes; one that is in it already is skipped")
def add(kit: Kit) -> None:
    number, fresh = _open_list(kit), kit.suborder("fresh")
    for identifier in (number, str(number)):
        kit.efs.post(ADD_TO_PICKLIST, kit.group(fresh, pickListId=identifier)).empty()


@CHAPTER.check("API 6", "unknown picklist, another location: 400")
def add_refused(kit: Kit) -> None:
    number, fresh = _open_list(kit), kit.suborder("fresh")
    largest = 2**31 - 1
    unknown = kit.group(fresh, pickListId=largest)
    kit.efs.post(ADD_TO_PICKLIST, unknown).said(f"Picklist not found: {largest}")
    elsewhere = {**kit.group(fresh, pickListId=number), "locationCode": "CK-NOWHERE"}
    kit.efs.post(ADD_TO_PICKLIST, elsewhere).refused()


@CHAPTER.check("API 6", "a picklist whose orders are all packed is closed: 400")
def closed(kit: Kit) -> None:
    number = _open_list(kit)
    for word in ("picked-a", "picked-b", "fresh"):
        kit.efs.post(PACK, kit.contents(kit.suborder(word))).document()
    late = kit.arrived("late", 1)
    kit.efs.post(ADD_TO_PICKLIST, kit.group(late, pickListId=number)).refused()
    kit.efs.post(CREATE_PICKLIST, kit.group(late)).document()


@CHAPTER.check("1.8", "more than 500 orders: 400, and the message tells the limit")
def too_many(kit: Kit) -> None:
    orders = [{"orderCode": f"CK-{place}"} for place in range(_MOST + 1)]
    document = kit.at_channel(orderList=orders)
    kit.efs.post(CREATE_PICKLIST, document).said(f"Max {_MOST} items allowed")
    kit.efs.post(CREATE_PICKLIST, kit.at_channel(orderList=[])).refused()
