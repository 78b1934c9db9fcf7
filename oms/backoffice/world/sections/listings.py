from collections import defaultdict
from collections.abc import Sequence
from typing import cast

from catalog.models import Listing
from channels_app.models import Channel
from oms.backoffice.world.directory import Directory, Key, bundle_ids, sku_ids
from oms.backoffice.world.places import WorldRefused
from oms.backoffice.world.plan import Plan
from oms.backoffice.world.reading import World, refuse_repeats
from oms.backoffice.world.removal import remove
from oms.backoffice.world.shapes import Record
from oms.backoffice.world.syncing import Rows, Table, Wanted

SECTION = "listings"
COLUMNS = {
    "sku": "sku_id",
    "bundle": "bundle_id",
    "channel_serial_no": "channel_serial_no",
    "seller_sku_code": "seller_sku_code",
    "status": "status",
}


def table() -> Table[Listing]:
    return Table(model=Listing, what="listing", columns=COLUMNS)


def apply(world: World, directory: Directory, plan: Plan) -> None:
    """Create and update listings that are no variant of a channel's product."""
    if SECTION not in world.sections:
        return
    entries = [(directory.channel(entry), entry) for entry in world.present(SECTION)]
    refuse_repeats(((channel.pk, e.text("channel_sku_code")), e) for channel, e in entries)
    skus = sku_ids(
        (channel.organization_id, entry.text("sku"))
        for channel, entry in entries
        if entry.optional("sku") is not None
    )
    bundles = bundle_ids(
        (channel.organization_id, entry.text("bundle"))
        for channel, entry in entries
        if entry.optional("bundle") is not None
    )
    listings = table()
    rows = _existing(entries)
    codes = {pk: code for (_, code), pk in skus.items()}
    codes |= {row.sku_id: row.sku.code for row in rows.values() if row.sku_id and row.sku}
    names = {pk: code for (_, code), pk in bundles.items()}
    names |= {row.bundle.pk: row.bundle.code for row in rows.values() if row.bundle}
    listings.shown = {"sku_id": codes.get, "bundle_id": names.get}
    known = {"sku": skus, "bundle": bundles}
    wanted = [_wanted(channel, entry, known, listings) for channel, entry in entries]
    listings.sync(cast("Rows", rows), wanted, plan)


def _existing(entries: Sequence[tuple[Channel, Record]]) -> dict[Key, Listing]:
    named: defaultdict[int, list[str]] = defaultdict(list)
    for channel, entry in entries:
        named[channel.pk].append(entry.text("channel_sku_code"))
    return {
        (channel_id, row.channel_sku_code): row
        for channel_id, codes in named.items()
        for row in Listing.objects.filter(
            channel_id=channel_id, spu__isnull=True, channel_sku_code__in=codes
        ).select_related("sku", "bundle")
    }


def _wanted(
    channel: Channel, entry: Record, known: dict[str, dict[Key, int]], listings: Table[Listing]
) -> Wanted:
    """A listing that is given a SKU no longer names a bundle, and the other way round."""
    values = listings.values(entry)
    named = [member for member in known if entry.optional(member) is not None]
    if len(named) > 1:
        raise WorldRefused(entry.at, "a listing names a sku or a bundle, not both")
    for member in named:
        code = entry.text(member)
        found = known[member].get((channel.organization_id, code))
        if found is None:
            raise WorldRefused(entry.place(member), f"there is no {member} `{code}`")
        values |= {"sku_id": None, "bundle_id": None, f"{member}_id": found}
    code = entry.text("channel_sku_code")
    return Wanted(
        key=(channel.pk, code),
        label=f"listing {code} of channel {channel.code}",
        identity={"channel": channel, "channel_sku_code": code},
        values=values,
        record=entry,
    )


def remove_absent(world: World, directory: Directory, plan: Plan) -> None:
    """Remove listings."""
    for entry in world.absent(SECTION):
        channel, code = directory.channel(entry), entry.text("channel_sku_code")
        found = Listing.objects.filter(channel=channel, channel_sku_code=code, spu__isnull=True)
        remove(found.first(), entry, f"listing {code} of channel {channel.code}", plan)
