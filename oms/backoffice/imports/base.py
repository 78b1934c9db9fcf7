"""What a mapping is given and what it makes of it."""

from collections.abc import Mapping as Members
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

from oms.orders.services import OrderDraft


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file. `position` counts within its document and survives a refusal."""

    position: int
    values: Members[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "").strip()


@dataclass(frozen=True, slots=True)
class Target:
    """Where the orders go."""

    organization_id: int
    channel_id: int
    currency: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is not taken, and why: `reason` is counted, `detail` is for the reader."""

    row: Row
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelledRow:
    """Units of one SKU at one price that a customer gave up."""

    row: Row
    sku_code: str
    unit_price: Decimal
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """A document that cancels without naming the order it means."""

    reference: str
    customer_id: str
    cancelled_at: datetime
    rows: tuple[CancelledRow, ...]


@dataclass(slots=True, kw_only=True)
class Document:
    """What a mapping made of the rows of one document. Every row is in exactly one place."""

    number: str
    order: OrderDraft | None = None
    cancellation: Cancellation | None = None
    line_rows: list[Row] = field(default_factory=list)
    charge_rows: list[Row] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    @property
    def customer_id(self) -> str:
        """Whose document it is; empty when the file does not tell."""
        if self.cancellation is not None:
            return self.cancellation.customer_id
        return self.order.customer_id if self.order is not None else ""


class Mapping(Protocol):
    """How the rows of one kind of file become orders."""

    @property
    def name(self) -> str: ...
    @property
    def columns(self) -> tuple[str, ...]:
        """The columns a file must have."""
        ...

    def number_of(self, row: Row) -> str:
        """The document a row belongs to; rows of one document follow each other."""
        ...

    def read(self, number: str, rows: Sequence[Row], target: Target) -> Document:
        """Make an order, a cancellation or refusals of one document's rows."""
        ...
