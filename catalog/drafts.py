"""What a channel says of its products, as the services take it in."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from catalog.choices import ListingStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class SkuDraft:
    """A new SKU. `payload` is kept and never interpreted."""

    organization_id: int
    code: str
    name: str = ""
    barcodes: tuple[str, ...] = ()
    weight_g: int | None = None
    payload: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingDraft:
    """The code a channel uses for the SKU with a barcode. `tolerance_days`: units are good for
    orders only if they expire later than that many days from now; nobody reads it yet.
    """

    channel_sku_code: str
    channel_serial_no: str
    barcode: str
    tolerance_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantDraft:
    """One variant. `payload` is kept and never interpreted; `status` falls back to ACTIVE."""

    channel_sku_code: str
    seller_sku_code: str
    original_price: Decimal
    current_price: Decimal
    stock: int
    status: ListingStatus = ListingStatus.ACTIVE
    attributes: Mapping[str, object] = field(default_factory=dict)
    payload: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpuDraft:
    """A product with all its variants. Both instants are by the channel's clock."""

    channel_id: int
    external_id: str
    name: str
    status: ListingStatus
    listed_at: dt.datetime
    changed_at: dt.datetime
    variants: tuple[VariantDraft, ...]
    category_id: str = ""
    category_name: str = ""
    image_url: str = ""
