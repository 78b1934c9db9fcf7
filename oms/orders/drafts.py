"""What the services of this app take in."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from oms.orders.choices import CancelParty


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDraft:
    """The buyer and the delivery as the channel sent them. Stored sealed, never logged."""

    customer_name: str | None = None
    customer_email: str | None = None
    customer_phone: str | None = None
    state: str | None = None
    city: str | None = None
    district: str | None = None
    address: str | None = None
    postcode: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    organization: str | None = None
    requested_arrival_at: datetime | None = None
    window_from: str | None = None
    window_to: str | None = None
    shipping_description: str | None = None
    has_delivery: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDraft:
    """One position. `sku_codes` are tried in turn: as SKU of the organization, then as listing."""

    external_id: str
    sku_codes: tuple[str, ...]
    quantity: int
    sku_code: str = ""
    channel_sku_code: str = ""
    channel_spu_id: str = ""
    name: str = ""
    remark: str = ""
    original_price: Decimal | None = None
    unit_price: Decimal | None = None
    discount_amount: Decimal | None = None
    tax_amount: Decimal | None = None
    extra: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDraft:
    """An order as a channel sends it, in our words."""

    organization_id: int
    channel_id: int
    external_id: str
    is_paid: bool
    currency: str
    country: str
    placed_at: datetime
    channel_updated_at: datetime
    lines: tuple[LineDraft, ...]
    contact: ContactDraft = ContactDraft(has_delivery=False)
    order_type: str = "NORMAL"
    is_cross_border: bool = False
    allow_split: bool = False
    campaign_id: str = ""
    ref_code: str = ""
    customer_id: str = ""
    customer_remark: str = ""
    seller_remark: str = ""
    ship_by_at: datetime | None = None
    payment: Mapping[str, object] | None = None
    raw_body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What became of a draft: `placed`, `updated`, or `unchanged` (a replay)."""

    order_id: int
    public_id: uuid.UUID
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineProgress:
    """How far the units of one line have come, in absolute numbers over all its parcels."""

    in_progress: int = 0
    packed: int = 0
    shipped: int = 0
    out_for_delivery: int = 0
    delivered: int = 0
    returned_to_point: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCancel:
    """Units of one line that will not be delivered, and whose wish that is."""

    line_id: int
    quantity: int
    party: CancelParty
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelWish:
    """Somebody wishes that lines (primary keys of OrderLine, each with its own reason or "") are
    cancelled; none named: the whole order."""

    order_id: int
    party: CancelParty
    requested_by: str
    requested_at: datetime
    reason: str = ""
    lines: Mapping[int, str] = field(default_factory=dict)
