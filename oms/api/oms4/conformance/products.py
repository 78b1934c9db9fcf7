"""The three calls about upstream SPUs."""

from . import shapes
from .kit import STOCK, Kit
from .shapes import Document
from .verdicts import Chapter

CHAPTER: Chapter[Kit] = Chapter()
_UPDATE = "/rest/sc_api/upstream_spu/update_spu_info"
_STATUS = "/rest/sc_api/upstream_spu/update_spu_status"
_DELETE = "/rest/sc_api/upstream_spu/delete_spu"


def _spu(kit: Kit, **changes: object) -> Document:
    sku = {
        "sku_id": "0",
        "seller_sku_code": kit.options.seller_sku,
        "original_price": 35.0,
        "current_price": 29.9,
        "stock": 200,
        "model_infos": {"color": "red"},
        "sku_payload": {"any": [1, None]},
        "upstream_status": "ACTIVE",
    }
    return {
        "spu_id": f"CK-{kit.began}",
        "spu_name": "conformance",
        "category_name": "Clothes -> Shirts",
        "upstream_created_time": kit.began - 60_000,
        "upstream_updated_time": kit.began,
        "upstream_status": "ACTIVE",
        "skus": [sku],
        **changes,
    }


@CHAPTER.check("4.9", "an SPU is added, updated, and not set back by an older call")
def updates(kit: Kit) -> None:
    kit.shop.post(_UPDATE, _spu(kit)).stored()
    kit.shop.post(_UPDATE, _spu(kit, upstream_updated_time=str(kit.began + 1))).stored()
    kit.shop.post(_UPDATE, _spu(kit, upstream_updated_time=kit.began - 1)).stored()


@CHAPTER.check("4.9", "a price is updated, and the stock of a listed SKU counted")
def moves(kit: Kit) -> None:
    number = f"CK-{kit.began}-S"
    sku = shapes.objects(_spu(kit)["skus"], "skus")[0]
    kit.shop.post(_UPDATE, _spu(kit, spu_id=number)).stored()
    cheaper = [{**sku, "current_price": "19.9"}]
    later = {"upstream_updated_time": kit.began + 1, "skus": cheaper}
    kit.shop.post(_UPDATE, _spu(kit, spu_id=number, **later)).stored()
    kit.stocked(STOCK)


@CHAPTER.check("4.9", "missing members and wrong values are refused with 400")
def refuses(kit: Kit) -> None:
    for name in (
        "spu_id",
        "spu_name",
        "upstream_created_time",
        "upstream_updated_time",
        "upstream_status",
        "skus",
    ):
        document = _spu(kit)
        del document[name]
        kit.shop.post(_UPDATE, document).refused("400")
    sku = shapes.objects(_spu(kit)["skus"], "skus")[0]
    wrongs: list[Document] = [
        {"upstream_status": "GONE"},
        {"skus": []},
        {"skus": [{**sku, "stock": "many"}]},
        {"skus": [{**sku, "current_price": None}]},
        {"skus": [{name: sku[name] for name in sku if name != "seller_sku_code"}]},
    ]
    for changes in wrongs:
        kit.shop.post(_UPDATE, _spu(kit, **changes)).refused("400")


@CHAPTER.check("4.11", "the status of a known SPU is updated, under either name")
def status(kit: Kit) -> None:
    known = {"spu_id": f"CK-{kit.began}"}
    time = kit.began + 60_000
    inactive = {"upstream_status": "INACTIVE", "upstream_updated_time": time}
    kit.shop.post(_STATUS, known | inactive).stored()
    kit.shop.post(_STATUS, known | {"status": "active"}).stored()


@CHAPTER.check("4.11", "an unknown SPU is refused with 404, a wrong status with 400")
def status_refusals(kit: Kit) -> None:
    unknown = {"spu_id": kit.number("SPU"), "upstream_status": "ACTIVE"}
    kit.shop.post(_STATUS, unknown).refused("404")
    kit.shop.post(_STATUS, {"spu_id": f"CK-{kit.began}", "upstream_status": "GONE"}).refused("400")


@CHAPTER.check("4.10", "an SPU is deleted, alone or in a list; deleting it again is a success")
def deletes(kit: Kit) -> None:
    number = f"CK-{kit.began}"
    kit.shop.post(_DELETE, {"spu_id": number}).stored()
    kit.shop.post(_DELETE, {"spu_id": number}).stored()
    kit.shop.post(_DELETE, {"spu_ids": [number, kit.number("SPU")]}).stored()
    kit.shop.post(_STATUS, {"spu_id": number, "upstream_status": "ACTIVE"}).refused("404")


@CHAPTER.check("4.10", "more than 50 numbers are refused with 400")
def delete_limit(kit: Kit) -> None:
    numbers = [str(number) for number in range(51)]
    kit.shop.post(_DELETE, {"spu_ids": numbers}).refused("400")


@CHAPTER.check("4.10", "the aliases of 4.10 and 4.11 are the same operations")
def aliases(kit: Kit) -> None:
    family = "/rest/sc_api/upstream_spu"
    paths = [f"{family}/{name}" for name in ("delete", "delete_spu_info", "update_status")]
    kit.expect_same(kit.shop, paths, {})


def tidy(kit: Kit) -> None:
    """Delete what the checks of pushes needed."""
    kit.shop.post(_DELETE, {"spu_id": f"CK-{kit.began}-S"})
