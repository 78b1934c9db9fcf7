"""Cancelling lines of an order, whatever became of them so far."""

from dataclasses import dataclass
from datetime import datetime

from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.orders.choices import CancelDecision, CancelParty


class LineNotInOrder(errors.NotFound):
    """The order has no such line."""

    code = "line_not_in_order"


class ParcelHasLeft(errors.Conflict):
    """A line is in a parcel that has left: it comes back as a return, not as a cancellation."""

    code = "parcel_has_left"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOverride:
    """What a single line says differently from the whole request."""

    line_id: int
    party: CancelParty | None = None
    reason: str = ""
    cancelled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOrder:
    """Lines (primary keys of OrderLine) to cancel whole; none named: the whole order."""

    order_id: int
    party: CancelParty
    reason: str = ""
    cancelled_at: datetime | None = None
    line_ids: tuple[int, ...] = ()
    overrides: tuple[LineOverride, ...] = ()


def cancel_order(*, request: CancelOrder, actor: Actor, now: datetime) -> None:
    """Cancel lines or the whole order, all or nothing."""
    raise NotImplementedError


def decide_cancel_request(
    *, request_id: int, decision: CancelDecision, comment: str, actor: Actor, now: datetime
) -> None:
    """Accept or reject a wish to cancel; accepting cancels in the same transaction."""
    raise NotImplementedError
