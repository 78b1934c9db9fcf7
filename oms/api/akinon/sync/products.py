"""Which SKU an order item is about: its product's `sku`, then its `barcode` (contract 12a.9)."""

from collections.abc import Mapping, Sequence
from typing import Any

from catalog import queries as catalog
from channels_app.choices import RemoteKind
from channels_app.connectors.omnitron import Client
from oms.api.akinon.sync import keys, words
from oms.api.akinon.sync.words import Row
from oms.kernel.actors import Actor

_KEPT = ("pk", "sku", "barcode", "base_code", "name", "modified_date")


def with_products(
    items: Sequence[Row], *, organization_id: int, client: Client | None
) -> list[dict[str, Any]]:
    """Items with their products as objects. Bare keys are read once, where there is a client.

    Raises ConnectorError.
    """
    wanted = {
        words.key_of(item.get("product")) for item in items if not _is_told(item.get("product"))
    } - {""}
    held = keys.known(organization_id=organization_id, kind=RemoteKind.PRODUCT, keys=wanted)
    known: dict[str, Mapping[str, Any]] = {key: row.data for key, row in held.items()}
    for key in sorted(wanted - known.keys()):
        known[key] = _read(key, organization_id, client)
    return [
        {**item, "product": _told(item.get("product")) or known.get(words.key_of(item["product"]))}
        if "product" in item
        else dict(item)
        for item in items
    ]


def sku_ids(items: Sequence[Row], *, actor: Actor) -> dict[str, int]:
    """Our SKUs by the key of the item, for an actor of one organization."""
    products = {words.key_of(item): words.object_of(item.get("product")) or {} for item in items}
    codes = {key: words.text(each.get("sku"), 128) for key, each in products.items()}
    barcodes = {key: words.text(each.get("barcode"), 64) for key, each in products.items()}
    by_code = catalog.sku_ids_by_code(actor=actor, codes={code for code in codes.values() if code})
    by_barcode = catalog.sku_ids_by_barcode(
        barcodes={barcodes[key] for key, code in codes.items() if code not in by_code} - {""},
        organization_id=actor.organization_id or 0,
    )
    found = {key: by_code.get(code) or by_barcode.get(barcodes[key]) for key, code in codes.items()}
    return {key: pk for key, pk in found.items() if pk is not None}


def _is_told(product: object) -> bool:
    return bool(_told(product))


def _told(product: object) -> Row | None:
    """A product object that names itself."""
    said = words.object_of(product)
    return said if said and (said.get("sku") or said.get("barcode")) else None


def _read(key: str, organization_id: int, client: Client | None) -> Mapping[str, Any]:
    found = client.one("products", key) if client else None
    if found is None:
        return {"pk": key}
    data = {name: found[name] for name in _KEPT if name in found}
    keys.remember(
        organization_id=organization_id,
        kind=RemoteKind.PRODUCT,
        key=key,
        local_code=words.text(found.get("sku"), 255),
        data=data,
    )
    return data
