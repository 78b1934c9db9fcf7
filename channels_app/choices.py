from django.db import models


class ChannelType(models.TextChoices):
    GENERAL = "GENERAL", "General"
    SHOPEE = "SHOPEE", "Shopee"
    LAZADA = "LAZADA", "Lazada"
    TIKTOK = "TIKTOK", "TikTok"
    SHOPIFY = "SHOPIFY", "Shopify"
    OMNITRON = "OMNITRON", "Omnitron"
    SELLER_CENTER = "SELLER_CENTER", "Seller Center"
    EXTERNAL_FULFILLMENT = "EXTERNAL_FULFILLMENT", "External fulfillment"
    # No orders come from it: its points are those an external system runs, its listings the codes
    # that system uses.
    EFS = "EFS", "External fulfilment system"


class StockPolicy(models.TextChoices):
    """What happens to an order that cannot be allocated now."""

    ACCEPT = "ACCEPT", "Accept and wait"
    REJECT = "REJECT", "Refuse"


class DeliveryScenario(models.TextChoices):
    """Who brings the carrier, and when the label is fetched."""

    CHANNEL_CARRIER_SINGLE = "CHANNEL_CARRIER_SINGLE", "Channel's carrier, one parcel"
    CHANNEL_CARRIER_MULTI = "CHANNEL_CARRIER_MULTI", "Channel's carrier, label per parcel"
    OWN_CARRIER = "OWN_CARRIER", "The point brings the carrier"
