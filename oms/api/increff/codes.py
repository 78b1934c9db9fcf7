"""Codes of the wire and what they stand for (contract 1.5): locations, sales channels, SKUs.

The EFS channel comes from the credential, and location and SKU codes are that channel's own; the
sales channel comes from the body. Nothing of another organization is ever found.

    places = codes.places_of(channel_id=machine.channel_id)     # IncreffView.places
    point_id = codes.point_id(places, "EFS-BLR", machine)       # IncreffView.point_id("EFS-BLR")
    channel = codes.sales_channel("WEBSHOP", places, machine)   # IncreffView.sales_channel(...)
    skus = codes.sku_ids(["EF-7001"], efs_channel_id=..., organization_id=...)
    names = codes.sku_names(sku_ids, efs_channel_id=...)        # what to emit
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from catalog import queries as catalog
from catalog.models import Bundle, Listing, Sku
from channels_app.choices import ChannelType
from channels_app.models import Channel
from fulfillment.models import FulfillmentTask
from oms.accounts.queries import MachineIdentity
from oms.api.increff import errors
from oms.locations.models import ChannelPoint

Places = Mapping[str, int]  # points by the EFS channel's codes


@dataclass(frozen=True, slots=True, kw_only=True)
class SkuName:
    """What a SKU is called on this wire."""

    channel_sku_code: str
    client_sku_id: str
    barcode: str | None


def places_of(*, channel_id: int) -> dict[str, int]:
    """The points an EFS channel runs, by its codes for them."""
    links = ChannelPoint.objects.filter(channel_id=channel_id)
    return dict(links.order_by("pk").values_list("location_code", "point_id"))


def point_id(places: Places, code: str, machine: MachineIdentity) -> int:
    """The point a location code stands for.

    Another EFS channel's code for a point that this one does not run is 403; everything else that
    is no code of this channel, the point's own code among it, does not exist (contract 5a.4).
    """
    if code in places:
        return places[code]
    others = ChannelPoint.objects.filter(
        channel__organization_id=machine.organization_id,
        channel__type=ChannelType.EFS,
        location_code=code,
    ).exclude(channel_id=machine.channel_id or 0)
    if others.exclude(point_id__in=set(places.values())).exists():
        raise errors.not_entitled(f"Location is not open to the credential: {code}")
    raise errors.unknown_location(code)


def sales_channel(name: str, places: Places, machine: MachineIdentity) -> Channel:
    """The sales channel of this code, if one of the EFS's points serves it or has its orders."""
    found = (
        Channel.objects.filter(organization_id=machine.organization_id, code=name)
        .exclude(type=ChannelType.EFS)
        .first()
    )
    if found is None:
        raise errors.unknown_channel(name)
    points = set(places.values())
    serves = ChannelPoint.objects.filter(channel=found, point_id__in=points)
    ordered = FulfillmentTask.objects.filter(channel=found, point_id__in=points)
    if not (serves.exists() or ordered.exists()):
        raise errors.not_entitled(f"Channel is not open to the credential: {name}")
    return found


def sku_ids(codes: Collection[str], *, efs_channel_id: int, organization_id: int) -> dict[str, int]:
    """SKUs by the codes of a call: of the channel's listing, else client SKU ids, else barcodes.

    Codes nobody knows are absent.
    """
    wanted = set(codes)
    found = listed_ids(wanted, efs_channel_id=efs_channel_id)
    if missing := wanted - found.keys():
        found |= catalog.sku_ids_by_client_code(codes=missing, organization_id=organization_id)
    if missing := wanted - found.keys():
        found |= catalog.sku_ids_by_barcode(barcodes=missing, organization_id=organization_id)
    return found


def listed_ids(codes: Collection[str], *, efs_channel_id: int) -> dict[str, int]:
    """SKUs by their codes in the listing of an EFS channel."""
    listed = Listing.objects.filter(
        channel_id=efs_channel_id,
        channel_sku_code__in=set(codes),
        spu__isnull=True,
        sku__isnull=False,
    )
    return {code: pk for code, pk in listed.values_list("channel_sku_code", "sku_id") if pk}


def sku_names(ids: Collection[int], *, efs_channel_id: int) -> dict[int, SkuName]:
    """How to name SKUs to an EFS: by its listed code (the first, of several), else clientSkuId."""
    rows = Listing.objects.filter(
        channel_id=efs_channel_id, sku_id__in=set(ids), spu__isnull=True
    ).order_by("-pk")
    listed = dict(rows.values_list("sku_id", "channel_sku_code"))
    names = {}
    for pk, code, barcodes in Sku.objects.filter(pk__in=set(ids)).values_list(
        "pk", "code", "barcodes"
    ):
        client = barcodes[0] if barcodes else code
        names[pk] = SkuName(
            channel_sku_code=listed.get(pk, client),
            client_sku_id=client,
            barcode=barcodes[0] if barcodes else None,
        )
    return names


def bundle_ids(
    codes: Collection[str], *, efs_channel_id: int, organization_id: int
) -> dict[str, int]:
    """Bundles by the codes of a call: of the channel's listing, else their own.

    Codes nobody knows are absent; one that is not sold any more is known, as orders still have it.
    """
    listed = Listing.objects.filter(
        channel_id=efs_channel_id, channel_sku_code__in=codes, spu__isnull=True
    )
    found = {code: pk for code, pk in listed.values_list("channel_sku_code", "bundle_id") if pk}
    own = Bundle.objects.filter(organization_id=organization_id, code__in=codes)
    return dict(own.values_list("code", "pk")) | found


def bundle_names(ids: Collection[int], *, efs_channel_id: int) -> dict[int, SkuName]:
    """How to name bundles to an EFS: by its listed code (the first, of several), else their own.

    No query for none.
    """
    if not ids:
        return {}
    rows = Listing.objects.filter(
        channel_id=efs_channel_id, bundle_id__in=set(ids), spu__isnull=True
    ).order_by("-pk")
    listed = dict(rows.values_list("bundle_id", "channel_sku_code"))
    return {
        pk: SkuName(channel_sku_code=listed.get(pk, code), client_sku_id=code, barcode=None)
        for pk, code in Bundle.objects.filter(pk__in=set(ids)).values_list("pk", "code")
    }
