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


class RemoteKind(models.TextChoices):
    """What a key of the other side names."""

    CHANNEL = "CHANNEL", "Channel"
    ORDER = "ORDER", "Order"
    COUNTRY = "COUNTRY", "Country"
    CITY = "CITY", "City"
    TOWNSHIP = "TOWNSHIP", "Township"
    DISTRICT = "DISTRICT", "District"
    PRODUCT = "PRODUCT", "Product"
    STORE = "STORE", "Retail store"
    REASON = "REASON", "Cancellation reason"
    CARGO_COMPANY = "CARGO_COMPANY", "Cargo company"
    # Cancelled before it came: it is left out when its order arrives.
    DROPPED_ITEM = "DROPPED_ITEM", "Item that is not wanted any more"


class SyncKind(models.TextChoices):
    """What is read from the other side, each on its own."""

    ORDERS = "ORDERS", "Orders"
    CHANNELS = "CHANNELS", "Sales channels"
    RETAIL_STORES = "RETAIL_STORES", "Retail stores"
    ADDRESSES = "ADDRESSES", "Countries, cities, townships and districts"
    STOCK_LOCATIONS = "STOCK_LOCATIONS", "Stores as stock locations"
    REASONS = "REASONS", "Cancellation reasons"


class SyncState(models.TextChoices):
    IDLE = "IDLE", "Never run"
    PENDING = "PENDING", "Waiting for its turn"
    RUNNING = "RUNNING", "Running"
    DONE = "DONE", "Done"
    FAILED = "FAILED", "Failed"


class UpdateState(models.TextChoices):
    """REFUSED: the other side will never take it."""

    PENDING = "PENDING", "To be sent"
    SENT = "SENT", "Sent"
    REFUSED = "REFUSED", "Refused"


class InboundKind(models.TextChoices):
    ORDER = "ORDER", "Order"
    CANCELLATION_PLAN = "CANCELLATION_PLAN", "Cancellation plan"
    STORE = "STORE", "Retail store"


class InboundState(models.TextChoices):
    PENDING = "PENDING", "To be worked off"
    DONE = "DONE", "Done"
    REFUSED = "REFUSED", "Nothing can be done about it"
