"""What may happen to the products of channels."""

from catalog.drafts import SkuDraft, SpuDraft, VariantDraft
from catalog.services.asking import ListingsNotAsked, request_spus
from catalog.services.skus import SkuCodeTaken, create_sku
from catalog.services.spus import (
    RepeatedVariant,
    SpuNotFound,
    change_spu_status,
    delete_spus,
    update_spu,
)

__all__ = [
    "ListingsNotAsked",
    "RepeatedVariant",
    "SkuCodeTaken",
    "SkuDraft",
    "SpuDraft",
    "SpuNotFound",
    "VariantDraft",
    "change_spu_status",
    "create_sku",
    "delete_spus",
    "request_spus",
    "update_spu",
]
