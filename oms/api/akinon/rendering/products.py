"""What an item is of (contract 11.4)."""

from typing import Any

from oms.api.akinon.rendering.values import stamp
from oms.kernel import crypto
from oms.orders.models import OrderLine

_BYTES = 6  # of the hash: numbers below 2^48


def product(line: OrderLine) -> dict[str, Any]:
    """The SKU of a line, and what the other side told of it."""
    sku, told = line.sku, line.extra.get("product") if isinstance(line.extra, dict) else None
    said = told if isinstance(told, dict) else {}
    barcodes = list(sku.barcodes) if sku else []
    return {
        "id": product_number(sku.pk) if sku else None,
        "omnitron_id": _key(said.get("pk", None if isinstance(told, dict) else told)),
        "name": (sku.name if sku else "") or line.name or said.get("name"),
        "base_code": said.get("base_code"),
        "sku": sku.code if sku else line.sku_code,
        "barcode": next(iter(barcodes), None) or said.get("barcode"),
        "attributes": said.get("attributes") or {},
        "attributes_kwargs": said.get("attributes_kwargs") or {},
        "extra_attributes": said.get("extra_attributes") or {},
        "remote_modified_date": said.get("modified_date"),
        "productimage_set": [],
        "created_date": stamp(sku.created_at) if sku else None,
        "modified_date": stamp(sku.updated_at) if sku else None,
    }


def product_number(sku_id: int) -> int:
    """A number of a product that never changes and tells no key of the database."""
    found = crypto.fingerprint(str(sku_id), purpose="akinon.product")
    return int.from_bytes(found[:_BYTES])


def _key(said: object) -> int | None:
    if isinstance(said, bool) or not isinstance(said, int | str):
        return None
    return int(said) if str(said).isdecimal() else None
