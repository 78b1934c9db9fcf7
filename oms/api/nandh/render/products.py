"""Products with their stock (contract 2.8)."""

from collections.abc import Mapping, Sequence
from typing import Any

from catalog.models import Sku
from fulfillment import queries as fulfillment
from oms.api.nandh import mapping, statuses
from oms.inventory import queries as inventory
from oms.inventory.queries import SkuTotals
from oms.kernel.actors import Actor

Document = dict[str, Any]

# Seen in the vendor's example; nothing of ours means it.
_UNKNOWN = (
    "reference_product_id", "reference_variant_id", "sku_uuid", "tier_index", "shelf_life",
    "packaging_tape",
)  # fmt: skip
_TOLD = ("cost", "sale_price", "package_length", "package_width", "package_height")
_FLAGS = (
    "is_serial_number", "is_batch_control", "is_bubble_wrap", "is_kraft_paper", "is_fragile",
)  # fmt: skip


def products(rows: Sequence[Sku], actor: Actor) -> list[Document]:
    """Rows of `catalog.queries.skus_feed`; two statements, however many they are."""
    keys = [row.pk for row in rows]
    totals = inventory.totals_of(actor=actor, sku_ids=keys)
    in_hand = fulfillment.units_in_hand(sku_ids=keys, actor=actor)
    return [product(row, totals.get(row.pk, SkuTotals()), in_hand.get(row.pk, 0)) for row in rows]


def product(row: Sku, totals: SkuTotals, in_hand: int) -> Document:
    """One product."""
    told: Mapping[str, Any] = row.payload
    images = told.get("images") or [{}]
    unknown: Document = dict.fromkeys(_UNKNOWN)
    return (
        unknown
        | {name: told.get(name) for name in _TOLD}
        | {
            "id": row.pk,
            "country": row.organization.country,
            "currency": row.organization.currency,
            "sku": row.code,
            "name": row.name,
            "image_url": images[0].get("image_url"),
            "barcode": row.barcodes[0] if row.barcodes else None,
            "storage_method": told.get("storage_method") or "normal",
            "outbound_strategy": told.get("outbound_strategy") or "fifo",
            "nhsin": mapping.product_code(row.pk),
            "status": statuses.product(),
            "weight": row.weight_g,
            "flags": [name for name in _FLAGS if told.get(name)],
            "material": told.get("material"),
            "product_type": told.get("product_type") or "NORMAL",
            "min_stock_warning": totals.safety,
            "is_active": True,
            "product_map": [],
            "product_inventory_stock": [],
            "stock_info": _stock(totals, in_hand),
        }
    )


def _stock(totals: SkuTotals, in_hand: int) -> Document:
    return {
        "stock": totals.on_hand,
        "available_stock": totals.available,
        "reserved_stock": totals.reserved,
        "waiting": in_hand,
        "waiting_shipment": in_hand,
        "incoming": totals.incoming,
        "unreal_stock": 0,
        "min_stock": totals.safety,
    }
