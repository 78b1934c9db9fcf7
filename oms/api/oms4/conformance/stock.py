"""Update Inventory."""

from . import shapes
from .kit import STOCK, SYNC, Kit
from .shapes import Document
from .verdicts import Chapter, expect_equal

CHAPTER: Chapter[Kit] = Chapter()


def _synced(kit: Kit, *records: Document) -> object:
    data = kit.warehouse.post(SYNC, {"inventory": list(records)}).succeeded()
    return shapes.check(data, shapes.SYNCED, "data")["success_sync_records"]


@CHAPTER.check("5.8", "na_ind=1 deletes the record, and deleting an absent one counts")
def deletes(kit: Kit) -> None:
    record = {**kit.sku(), "na_ind": 1, "qty": 5}
    expect_equal(_synced(kit, record), 1, "success_sync_records")
    expect_equal(_synced(kit, record), 1, "success_sync_records of the repetition")


@CHAPTER.check("5.8", "a count is stored; a number may be a string")
def stores(kit: Kit) -> None:
    expect_equal(_synced(kit, {**kit.sku(), "qty": STOCK, "na_ind": 0}), 1, "success_sync_records")
    expect_equal(_synced(kit, {**kit.sku(), "qty": str(STOCK)}), 1, "success_sync_records")


@CHAPTER.check("5.8", "an unknown SKU is skipped and not counted")
def skips_unknown(kit: Kit) -> None:
    unknown = {"brand_code": "CK-NO", "brand_sku_code": kit.number("SKU"), "qty": 1}
    known = {**kit.sku(), "qty": STOCK}
    expect_equal(_synced(kit, unknown, known), 1, "success_sync_records")


@CHAPTER.check("5.8", "the same SKU twice counts twice")
def counts_twice(kit: Kit) -> None:
    records = [{**kit.sku(), "qty": qty} for qty in (1, STOCK)]
    expect_equal(_synced(kit, *records), 2, "success_sync_records")


@CHAPTER.check("5.8", "structural errors reject the whole call with 400")
def refuses_errors(kit: Kit) -> None:
    good = {**kit.sku(), "qty": STOCK}
    wrongs: list[Document] = [
        {},
        {"inventory": {}},
        {"inventory": []},
        {"inventory": [good, kit.sku()]},
        {"inventory": [good, {**kit.sku(), "qty": -1}]},
        {"inventory": [good, {**kit.sku(), "qty": "many"}]},
        {"inventory": [good, {"brand_code": "X", "qty": 1}]},
        {"inventory": [good] * 201},
    ]
    for wrong in wrongs:
        kit.warehouse.post(SYNC, wrong).refused("400")


@CHAPTER.check("5.8", "200 records in one call are taken")
def takes_two_hundred(kit: Kit) -> None:
    records = [{**kit.sku(), "qty": STOCK}] * 200
    expect_equal(_synced(kit, *records), 200, "success_sync_records")
