"""Reads of the catalog."""

from collections.abc import Collection

from catalog.models import Sku
from oms.kernel.actors import Actor


def sku_ids_by_brand(
    *, actor: Actor, codes: Collection[tuple[str, str]]
) -> dict[tuple[str, str], int]:
    """Keys of the SKUs the actor may see, by (brand code, the brand's SKU code)."""
    found = Sku.objects.visible_to(actor).filter(
        brand_code__in={brand for brand, _ in codes},
        brand_sku_code__in={code for _, code in codes},
    )
    return {
        (brand, code): key
        for key, brand, code in found.values_list("pk", "brand_code", "brand_sku_code")
    }
