"""What every carrier can do, in our words."""

from dataclasses import dataclass
from decimal import Decimal
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


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRequest:
    """One parcel to be labelled. `reference` is ours, and the same on every try."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelDocument:
    """A label as the carrier gave it."""

    content: bytes
    tracking_number: str
    carrier: str
    media_type: str = "application/pdf"


class Carrier(Protocol):
    """Whoever makes labels. Imports no model, opens no transaction, never retries."""

    def buy_label(self, request: LabelRequest) -> LabelDocument:
        """Get a label. Raises CarrierError."""

    def find_label(self, reference: str) -> LabelDocument | None:
        """The label bought under our reference before, if any. Raises CarrierError."""

    def void_label(self, reference: str) -> None:
        """Take back the label bought under our reference, if there is one. Raises CarrierError."""
