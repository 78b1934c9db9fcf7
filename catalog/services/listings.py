"""Which codes a channel uses for SKUs, as somebody who runs its points says."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from catalog import queries
from catalog.drafts import ListingDraft
from catalog.models import Listing
from channels_app.models import Channel
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.kernel.contention import retried

TOLERANCE_DAYS = "tolerance_days"
BARCODE = "barcode"
BATCH = 1_000  # rows of one statement, which takes at most 65,535 values
_SAID = ["sku", "channel_serial_no", "attributes", "updated_at"]


class ChannelNotFound(errors.NotFound):
    """No such channel, or not this actor's."""

    code = "channel_not_found"


class BadListings(errors.InvalidInput):
    """Codes that are given twice, or barcodes that no SKU has. `lines` holds (code, reason) pairs;
    `unknown` and `repeated` are the reasons.
    """

    code = "bad_listings"
    unknown = "unknown barcode"
    repeated = "repeated code"

    def __init__(self, lines: Sequence[tuple[str, str]]) -> None:
        super().__init__("Some listings are wrong", lines=list(lines))
        self.lines = list(lines)


class ListingTaken(errors.Conflict):
    """Codes that stand for another barcode already."""

    code = "listing_taken"

    def __init__(self, codes: Iterable[str]) -> None:
        super().__init__("Some codes stand for other products", codes=(said := list(codes)))
        self.codes = said


@retried
@transaction.atomic
def list_skus(
    *, channel_id: int, drafts: Sequence[ListingDraft], actor: Actor, now: dt.datetime
) -> int:
    """Tie a channel's codes to SKUs, all or none; returns how many listings are new or changed.

    The SKU is the one with the barcode, else the one the organization itself calls so. Saying the
    same again changes nothing; a code keeps its barcode for good, the rest may change. Raises
    ChannelNotFound, BadListings, ListingTaken.
    """
    channel = (
        Channel.objects.visible_to(actor)
        .select_for_update(no_key=True)
        .filter(pk=channel_id)
        .first()
    )
    if channel is None:
        raise ChannelNotFound("No such channel")
    sku_ids = _sku_ids(drafts, organization_id=channel.organization_id)
    known = {
        listing.channel_sku_code: listing
        for listing in Listing.objects.filter(
            channel=channel,
            spu__isnull=True,
            channel_sku_code__in={draft.channel_sku_code for draft in drafts},
        )
    }
    _check_taken(drafts, sku_ids, known)
    new = [_new(channel, draft, sku_ids) for draft in drafts if draft.channel_sku_code not in known]
    changed = [
        listing
        for draft in drafts
        if (listing := known.get(draft.channel_sku_code)) is not None
        and _change(listing, draft, sku_ids, now=now)
    ]
    Listing.objects.bulk_create(new, batch_size=BATCH)
    Listing.objects.bulk_update(changed, _SAID, batch_size=BATCH)
    return len(new) + len(changed)


def _sku_ids(drafts: Sequence[ListingDraft], *, organization_id: int) -> dict[str, int]:
    """SKUs by barcode. Raises BadListings with every line that is wrong."""
    barcodes = {draft.barcode for draft in drafts}
    found = queries.sku_ids_by_barcode(barcodes=barcodes, organization_id=organization_id)
    if missing := barcodes - found.keys():
        found |= queries.sku_ids_by_client_code(codes=missing, organization_id=organization_id)
    counts = Counter(draft.channel_sku_code for draft in drafts)
    lines = [(code, BadListings.repeated) for code, count in counts.items() if count > 1]
    lines += [
        (draft.channel_sku_code, BadListings.unknown)
        for draft in drafts
        if draft.barcode not in found
    ]
    if lines:
        raise BadListings(lines)
    return found


def _check_taken(
    drafts: Sequence[ListingDraft], sku_ids: Mapping[str, int], known: Mapping[str, Listing]
) -> None:
    taken = [
        draft.channel_sku_code
        for draft in drafts
        if (listing := known.get(draft.channel_sku_code)) is not None
        and _is_anothers(listing, draft, sku_ids)
    ]
    if taken:
        raise ListingTaken(taken)


def _is_anothers(listing: Listing, draft: ListingDraft, sku_ids: Mapping[str, int]) -> bool:
    """By the barcode it was listed with; listings of staff have none and are told by their SKU, or
    are of a bundle, which has no barcode.
    """
    if listing.bundle_id is not None:
        return True
    if (listed := listing.attributes.get(BARCODE)) is not None:
        return bool(listed != draft.barcode)
    return listing.sku_id not in (None, sku_ids[draft.barcode])


def _attributes(draft: ListingDraft) -> dict[str, object]:
    return {BARCODE: draft.barcode, TOLERANCE_DAYS: draft.tolerance_days}


def _new(channel: Channel, draft: ListingDraft, sku_ids: Mapping[str, int]) -> Listing:
    return Listing(
        channel=channel,
        sku_id=sku_ids[draft.barcode],
        channel_sku_code=draft.channel_sku_code,
        channel_serial_no=draft.channel_serial_no,
        attributes=_attributes(draft),
    )


def _change(
    listing: Listing, draft: ListingDraft, sku_ids: Mapping[str, int], *, now: dt.datetime
) -> bool:
    """Set what is said; whether anything of it is new."""
    before = (listing.sku_id, listing.channel_serial_no, dict(listing.attributes))
    listing.sku_id = sku_ids[draft.barcode]
    listing.channel_serial_no = draft.channel_serial_no
    listing.attributes = listing.attributes | _attributes(draft)
    listing.updated_at = now
    return before != (listing.sku_id, listing.channel_serial_no, listing.attributes)
