"""Channels: what an organization starts with."""

from channels_app.choices import ChannelType, DeliveryScenario
from channels_app.models import Channel
from oms.accounts.models import Organization

# Code, name and type. The codes are the words that new integrations name channels by.
STANDARD = (
    ("web", "Web shop", ChannelType.GENERAL),
    ("pos", "Point of sale", ChannelType.GENERAL),
    ("manual", "Entered by hand", ChannelType.GENERAL),
    ("shopee", "Shopee", ChannelType.SHOPEE),
    ("lazada", "Lazada", ChannelType.LAZADA),
    ("tiktok", "TikTok Shop", ChannelType.TIKTOK),
    ("tiki", "Tiki", ChannelType.GENERAL),
    ("shopify", "Shopify", ChannelType.SHOPIFY),
    ("other", "Other", ChannelType.GENERAL),
)


def open_standard_channels(*, organization: Organization) -> list[Channel]:
    """Give a new organization the channels every integration expects; each parcel has its label.

    Codes it has already, in whatever letter case, are left alone. Returns what was made.
    """
    codes = Channel.objects.filter(organization=organization).values_list("code", flat=True)
    taken = {code.casefold() for code in codes}
    return Channel.objects.bulk_create(
        Channel(
            organization=organization,
            code=code,
            name=name,
            type=kind,
            delivery=DeliveryScenario.CHANNEL_CARRIER_MULTI,
        )
        for code, name, kind in STANDARD
        if code not in taken
    )
