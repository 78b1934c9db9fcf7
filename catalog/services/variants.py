"""The variants of a product: the list the channel sends replaces the one we have."""

import datetime as dt
from collections.abc import Sequence

from catalog.drafts import VariantDraft
from catalog.models import Listing, Sku, Spu

_SAID = ("original_price", "current_price", "stock", "status", "attributes", "payload")
_WRITTEN = ("sku", "seller_sku_code", *_SAID, "updated_at")


def replace(spu: Spu, drafts: Sequence[VariantDraft], *, now: dt.datetime) -> bool:
    """Write the list. True when a variant that stays has another price than before.

    The product is locked by the caller. Constant number of statements.
    """
    skus = _skus_by_code(spu, drafts)
    kept = {listing.channel_sku_code: listing for listing in spu.listings.order_by("pk")}
    gone = kept.keys() - {draft.channel_sku_code for draft in drafts}
    made, changed, has_other_prices = [], [], False
    for draft in drafts:
        listing = kept.get(draft.channel_sku_code)
        sku_id = skus.get(draft.seller_sku_code)
        if listing is None:
            listing = Listing(channel=spu.channel, spu=spu, channel_sku_code=draft.channel_sku_code)
            made.append(listing)
        else:
            has_other_prices = has_other_prices or _prices(listing) != _prices(draft)
            if sku_id is None and listing.seller_sku_code == draft.seller_sku_code:
                sku_id = listing.sku_id
            changed.append(listing)
        _copy(draft, listing, sku_id=sku_id, now=now)
    if gone:
        spu.listings.filter(channel_sku_code__in=gone).delete()
    Listing.objects.bulk_create(made)
    Listing.objects.bulk_update(changed, _WRITTEN)
    return has_other_prices


def _skus_by_code(spu: Spu, drafts: Sequence[VariantDraft]) -> dict[str, int]:
    found = Sku.objects.filter(
        organization_id=spu.channel.organization_id,
        code__in={draft.seller_sku_code for draft in drafts},
    )
    return dict(found.values_list("code", "pk"))


def _prices(row: Listing | VariantDraft) -> tuple[object, object]:
    return row.original_price, row.current_price


def _copy(draft: VariantDraft, listing: Listing, *, sku_id: int | None, now: dt.datetime) -> None:
    for name in _SAID:
        setattr(listing, name, getattr(draft, name))
    listing.seller_sku_code = draft.seller_sku_code
    listing.sku_id = sku_id
    listing.updated_at = now
