"""How the state of a line and of an order follows from quantities. No database, no clock."""

from collections.abc import Iterable
from typing import Protocol

from oms.orders.choices import OrderStatus as S

# From least to most advanced. An order is as far as its least advanced line.
RANK: dict[S, int] = {
    status: rank
    for rank, status in enumerate(
        (
            S.CREATED,
            S.PAID,
            S.UNALLOCATED,
            S.ALLOCATED,
            S.IN_FULFILLMENT,
            S.PACKED,
            S.SHIPPED,
            S.OUT_FOR_DELIVERY,
            S.DELIVERED,
            S.RETURNED_TO_POINT,
            S.RETURNED,
            S.LOST,
            S.CANCELLED,
        )
    )
}

ENDED = frozenset({S.DELIVERED, S.RETURNED, S.LOST, S.CANCELLED})


class LineQuantities(Protocol):
    """The quantities of one line that its state is derived from."""

    @property
    def quantity_ordered(self) -> int: ...
    @property
    def quantity_cancelled(self) -> int: ...
    @property
    def quantity_allocated(self) -> int: ...
    @property
    def quantity_in_progress(self) -> int: ...
    @property
    def quantity_packed(self) -> int: ...
    @property
    def quantity_shipped(self) -> int: ...
    @property
    def quantity_out_for_delivery(self) -> int: ...
    @property
    def quantity_delivered(self) -> int: ...
    @property
    def quantity_returned_to_point(self) -> int: ...
    @property
    def quantity_returned(self) -> int: ...
    @property
    def quantity_lost(self) -> int: ...


def line_status(line: LineQuantities, *, is_paid: bool, was_tried: bool) -> S:
    """The state of one line: its least advanced unit that is not cancelled."""
    live = line.quantity_ordered - line.quantity_cancelled
    if live == 0:
        return S.CANCELLED
    if line.quantity_allocated < live:
        if was_tried:
            return S.UNALLOCATED
        return S.PAID if is_paid else S.CREATED
    if line.quantity_packed < live:
        return S.IN_FULFILLMENT if line.quantity_in_progress else S.ALLOCATED
    if line.quantity_shipped < live:
        return S.PACKED
    return _after_shipping(line, live)


def _after_shipping(line: LineQuantities, live: int) -> S:
    if line.quantity_returned >= live:
        return S.RETURNED  # also when nobody told us that it had been delivered
    travelling = live - line.quantity_delivered - line.quantity_returned_to_point
    travelling -= line.quantity_lost + line.quantity_out_for_delivery
    if travelling > 0:
        return S.SHIPPED
    if line.quantity_out_for_delivery:
        return S.OUT_FOR_DELIVERY
    if line.quantity_delivered:
        return S.DELIVERED
    return S.RETURNED_TO_POINT if line.quantity_returned_to_point else S.LOST


def order_status(lines: Iterable[LineQuantities], *, is_paid: bool, was_tried: bool) -> S:
    """The least advanced state among the lines that are not cancelled; CANCELLED when none is."""
    states = [line_status(line, is_paid=is_paid, was_tried=was_tried) for line in lines]
    return min(states, key=RANK.__getitem__, default=S.CANCELLED)
