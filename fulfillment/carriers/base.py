"""What every carrier can do, in our words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol


class CarrierError(Exception):
    """The carrier gave no label. `temporary`: asking again later may help.

    The message is kept for staff; it holds no credentials and no personal data. `code` is what the
    carrier calls the reason, if it says.
    """

    def __init__(self, message: str, *, temporary: bool, code: str = "") -> None:
        super().__init__(message)
        self.temporary = temporary
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a parcel comes from or goes to. Lines are printed as they are, empty ones left out."""

    name: str = ""
    organization: str = ""
    lines: tuple[str, ...] = ()
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Destination:
    """Where a parcel goes, member by member, from the country down; what nobody told is empty.

    `country` is a code where the channel told one. `province` is what the widest place below it is
    called, `ward` the narrowest.
    """

    name: str = ""
    phone: str = ""
    country: str = ""
    province: str = ""
    district: str = ""
    ward: str = ""
    postal_code: str = ""
    line: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Units of one SKU in a parcel."""

    sku: str
    name: str
    quantity: int
    barcode: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentDetails:
    """What carriers are told that make a shipment of their own, besides what is on a label.

    `cod_amount` is what the deliverer collects for this parcel, in `currency`. `told` is what the
    channel sent with the payment, in its own words.
    """

    destination: Destination
    note: str = field(default="", repr=False)
    language: str = "en"
    currency: str = ""
    cod_amount: Decimal = Decimal(0)
    contents: tuple[Content, ...] = ()
    channel_type: str = ""
    has_preferred_point: bool = False
    told: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRequest:
    """One parcel to be labelled. `reference` is ours, and the same on every try.

    `details` are there for carriers that ask for them (`registry.wants_details`).
    """

    reference: str
    parcel_number: int
    order_number: str
    task_number: str
    sender: Address
    recipient: Address
    carrier: str = ""
    delivery_type: str = ""
    tracking_number: str = ""
    weight_kg: Decimal | None = None
    details: ShipmentDetails | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelDocument:
    """A label as the carrier gave it. `ask_after`: when it is first asked how far the parcel is."""

    content: bytes
    tracking_number: str
    carrier: str
    media_type: str = "application/pdf"
    tracking_url: str = ""
    ask_after: timedelta | None = None


class Carrier(Protocol):
    """Whoever makes labels. Imports no model, opens no transaction, never retries."""

    def buy_label(self, request: LabelRequest) -> LabelDocument:
        """Get a label. Raises CarrierError."""

    def find_label(self, reference: str) -> LabelDocument | None:
        """The label bought under our reference before, if any. Raises CarrierError."""

    def void_label(self, reference: str) -> None:
        """Take back the label bought under our reference, if there is one. Raises CarrierError."""


class Journey(StrEnum):
    """How far a carrier says a parcel is."""

    WAITING = "WAITING"
    LEFT = "LEFT"
    ATTEMPTED = "ATTEMPTED"
    DELIVERED = "DELIVERED"
    RETURNED = "RETURNED"
    DELETED = "DELETED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """`said` is the carrier's own word; `occurred_at` is when it came true, where it knows."""

    journey: Journey
    said: str
    occurred_at: datetime | None = None
    tracking_url: str = ""


class FollowedCarrier(Carrier, Protocol):
    """A carrier that is asked, every `ask_every`, how far its parcels are."""

    @property
    def ask_every(self) -> timedelta:
        """How long to wait between two questions about a parcel."""

    def progress_of(self, reference: str, *, known: str) -> Progress | None:
        """How far the parcel is; None where it knows of none. `known` is what it said last time.

        Raises CarrierError.
        """
