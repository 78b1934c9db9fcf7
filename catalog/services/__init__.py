"""What may happen to the products of channels."""

from catalog.drafts import SpuDraft, VariantDraft
from catalog.services.asking import ListingsNotAsked, request_spus
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
    "SpuDraft",
    "SpuNotFound",
    "VariantDraft",
    "change_spu_status",
    "delete_spus",
    "request_spus",
    "update_spu",
]
