"""What may happen to the products of channels."""

from catalog.drafts import ListingDraft, SkuDraft, SpuDraft, VariantDraft
from catalog.services.asking import ListingsNotAsked, request_spus
from catalog.services.listings import BadListings, ChannelNotFound, ListingTaken, list_skus
from catalog.services.skus import SkuCodeTaken, create_sku
from catalog.services.spus import (
    RepeatedVariant,
    SpuNotFound,
    change_spu_status,
    delete_spus,
    update_spu,
)

__all__ = [
    "BadListings",
    "ChannelNotFound",
    "ListingDraft",
    "ListingTaken",
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
    "list_skus",
    "request_spus",
    "update_spu",
]
