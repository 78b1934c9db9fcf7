"""What the services of this app take in."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from msgspec import UNSET, UnsetType

from oms.orders import addresses
from oms.orders.addresses import Address
from oms.orders.choices import CancelParty, HoldReason, PaymentMethod, PaymentStatus
from oms.orders.traits import NOTHING_TOLD, Traits


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDraft:
    """The buyer and the delivery as the channel sent them. Stored sealed, never logged.

    Channels that tell whole addresses fill `ship_to` and `bill_to`; the other members then say
    the same in fewer words (`contact_for`), for languages that read no more.
    """

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
    ship_to: Address | None = None
    bill_to: Address | None = None


def contact_for(ship_to: Address, bill_to: Address | None = None) -> ContactDraft:
    """The contact of an order that came with whole addresses; its buyer is who is billed."""
    buyer = bill_to or ship_to
    return ContactDraft(
        customer_name=buyer.full_name,
        customer_email=buyer.email,
        customer_phone=buyer.phone,
        state=ship_to.province,
        city=addresses.city(ship_to),
        district=ship_to.district,
        address=addresses.street(ship_to),
        postcode=ship_to.postal_code,
        name=ship_to.full_name,
        email=ship_to.email,
        phone=ship_to.phone,
        ship_to=ship_to,
        bill_to=bill_to,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDraft:
    """One position. `sku_codes` are tried in turn: as SKU of the organization, then as listing.

    They are not looked at where `sku_id` is known. `line_discount` is off quantity times price.
    """

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
    line_discount: Decimal = Decimal(0)
    sku_id: int | None = None
    is_named: bool = True
    extra: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDraft:
    """An order as a channel sends it, in our words.

    Where `payment_status` is None it follows from `is_paid`. `customer_key` names a customer that
    is known already, `customer_id` one by the channel's own id.
    """

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
    packaging_note: str = ""
    tags: tuple[str, ...] = ()
    preferred_point_id: int | None = None
    shipping_fee: Decimal = Decimal(0)
    order_discount: Decimal = Decimal(0)
    payment_status: PaymentStatus | None = None
    payment_method: PaymentMethod | None = None
    customer_key: int | None = None
    ship_by_at: datetime | None = None
    payment: Mapping[str, object] | None = None
    traits: Traits = NOTHING_TOLD
    raw_body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What became of a draft: `placed`, `updated`, or `unchanged` (a replay)."""

    order_id: int
    public_id: uuid.UUID
    number: int
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldWish:
    """That an order waits, and why."""

    reason: HoldReason
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineEdit:
    """A position as it is to be: that of line `key` (primary key), or a new one."""

    draft: LineDraft
    key: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEdit:
    """What is to change of an order; UNSET members stay as they are.

    `lines` are all that will be. Whoever has seen the order says which version of it.
    """

    order_id: int
    expected_version: int | None = None
    ship_to: Address | UnsetType = UNSET
    bill_to: Address | UnsetType | None = UNSET
    lines: tuple[LineEdit, ...] | UnsetType = UNSET
    shipping_fee: Decimal | UnsetType = UNSET
    order_discount: Decimal | UnsetType = UNSET
    preferred_point_id: int | UnsetType | None = UNSET
    seller_remark: str | UnsetType = UNSET
    packaging_note: str | UnsetType = UNSET
    ship_by_at: datetime | UnsetType | None = UNSET
    tags: tuple[str, ...] | UnsetType = UNSET
    payment_status: PaymentStatus | UnsetType = UNSET
    hold: HoldWish | UnsetType | None = UNSET


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
    cancelled; none named: the whole order. `quantities` says of which lines not all units."""

    order_id: int
    party: CancelParty
    requested_by: str
    requested_at: datetime
    reason: str = ""
    lines: Mapping[int, str] = field(default_factory=dict)
    quantities: Mapping[int, int] = field(default_factory=dict)
