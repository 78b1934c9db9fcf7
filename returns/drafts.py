"""What the services of returns are given."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from returns.choices import Disposition, QcStatus, RefundDecision, ReturnType


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitDraft:
    """One physical unit that should come back, by order line (`line_number`, the public one) or by
    SKU code; with both, the SKU has to be the line's."""

    line_number: int | None = None
    sku_code: str = ""
    external_id: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnDraft:
    """A return that will arrive.

    Its order is `order_id`, or the one with the number `order_external_id` on the channel; if we
    do not have that one, the return stands alone until it is found. `point_id` None: the point
    that shipped most of the units. `external_id` None: the announcer has no number for it.
    """

    organization_id: int
    units: tuple[UnitDraft, ...]
    order_id: int | None = None
    channel_id: int | None = None
    order_external_id: str = ""
    external_id: str | None = None
    type: ReturnType = ReturnType.CUSTOMER_RETURN
    point_id: int | None = None
    carrier_code: str = ""
    tracking_number: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnEdit:
    """New values; None leaves what was, "" clears it."""

    carrier_code: str | None = None
    tracking_number: str | None = None
    note: str | None = None
    refund_decision: RefundDecision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Units (by public id) that arrived; none named: all of them.

    `tracking_number` must be the return's when no unit is named, and is stored as the truth when
    some are. `point_id` None: where they were expected.
    """

    unit_ids: tuple[UUID, ...] = ()
    tracking_number: str = ""
    point_id: int | None = None
    received_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitResult:
    """What the inspection of one unit found. `disposition` None: not decided with it."""

    unit_id: UUID
    qc_status: QcStatus
    disposition: Disposition | None = None
    qc_reason: str = ""
    image_urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a point found of one unit, by its code for it; `sku_id` None: nobody knows the SKU."""

    unit_code: str
    sku_id: int | None
    qc_status: QcStatus
    qc_reason: str = ""
    image_urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Where units arrived, and how they travelled; empty: not said."""

    point_id: int
    carrier_code: str = ""
    tracking_number: str = ""
