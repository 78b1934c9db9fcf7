"""The variants of a product: the list the channel sends replaces the one we have."""

import datetime as dt
from collections.abc import Sequence

from catalog.drafts import VariantDraft
from catalog.models import Bundle, Listing, Sku, Spu

_SAID = ("original_price", "current_price", "stock", "status", "attributes", "payload")
_WRITTEN = ("sku", "bundle", "seller_sku_code", *_SAID, "updated_at")

# Keys of the SKU or of the bundle that a code names; never both.
Linked = tuple[int | None, int | None]


def replace(spu: Spu, drafts: Sequence[VariantDraft], *, now: dt.datetime) -> bool:
    """Write the list. True when a variant that stays has another price than before.

    The product is locked by the caller. Constant number of statements.
    """
    known = _known(spu, drafts)
    kept = {listing.channel_sku_code: listing for listing in spu.listings.order_by("pk")}
    gone = kept.keys() - {draft.channel_sku_code for draft in drafts}
    made, changed, has_other_prices = [], [], False
    for draft in drafts:
        listing = kept.get(draft.channel_sku_code)
        linked = known.get(draft.seller_sku_code)
        if listing is None:
            listing = Listing(channel=spu.channel, spu=spu, channel_sku_code=draft.channel_sku_code)
            made.append(listing)
        else:
            has_other_prices = has_other_prices or _prices(listing) != _prices(draft)
            if linked is None and listing.seller_sku_code == draft.seller_sku_code:
                linked = (listing.sku_id, listing.bundle_id)
            changed.append(listing)
        _copy(draft, listing, linked=linked or (None, None), now=now)
    if gone:
        spu.listings.filter(channel_sku_code__in=gone).delete()
    Listing.objects.bulk_create(made)
    Listing.objects.bulk_update(changed, _WRITTEN)
    return has_other_prices


def _known(spu: Spu, drafts: Sequence[VariantDraft]) -> dict[str, Linked]:
    """What the sellers' codes name. Bundles are asked for what is no SKU only."""
    owner = spu.channel.organization_id
    codes = {draft.seller_sku_code for draft in drafts}
    skus = Sku.objects.filter(organization_id=owner, code__in=codes)
    found: dict[str, Linked] = {code: (pk, None) for code, pk in skus.values_list("code", "pk")}
    if unknown := codes - found.keys():
        bundles = Bundle.objects.filter(organization_id=owner, code__in=unknown)
        found |= {code: (None, pk) for code, pk in bundles.values_list("code", "pk")}
    return found


def _prices(row: Listing | VariantDraft) -> tuple[object, object]:
    return row.original_price, row.current_price


def _copy(draft: VariantDraft, listing: Listing, *, linked: Linked, now: dt.datetime) -> None:
    for name in _SAID:
        setattr(listing, name, getattr(draft, name))
    listing.seller_sku_code = draft.seller_sku_code
    listing.sku_id, listing.bundle_id = linked
    listing.updated_at = now
