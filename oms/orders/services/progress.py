"""Recording how far an order has come. The state follows from the quantities, never by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from oms.events import outbox
from oms.events.choices import EventType, SubjectType
from oms.kernel import sql
from oms.kernel.actors import Actor
from oms.orders import hints, lifecycle
from oms.orders.choices import CancelParty, OrderStatus
from oms.orders.drafts import LineCancel, LineProgress
from oms.orders.models import Order, OrderLine
from oms.orders.queries import OrderNotFound
from oms.orders.services import sets
from oms.orders.services.statements import ADVANCE, LINES, SETTLE

REACHED: dict[OrderStatus, EventType] = {
    OrderStatus.CREATED: EventType.ORDER_REOPENED,
    OrderStatus.PAID: EventType.ORDER_PAID,
    OrderStatus.UNALLOCATED: EventType.ORDER_UNALLOCATED,
    OrderStatus.ALLOCATED: EventType.ORDER_ALLOCATED,
    OrderStatus.IN_FULFILLMENT: EventType.ORDER_IN_FULFILLMENT,
    OrderStatus.PACKED: EventType.ORDER_PACKED,
    OrderStatus.SHIPPED: EventType.ORDER_SHIPPED,
    OrderStatus.OUT_FOR_DELIVERY: EventType.ORDER_OUT_FOR_DELIVERY,
    OrderStatus.DELIVERED: EventType.ORDER_DELIVERED,
    OrderStatus.RETURNED_TO_POINT: EventType.ORDER_RETURNED_TO_POINT,
    OrderStatus.RETURNED: EventType.ORDER_RETURNED,
    OrderStatus.LOST: EventType.ORDER_LOST,
    OrderStatus.CANCELLED: EventType.ORDER_CANCELLED,
}

First = tuple[EventType, Mapping[str, object]]
_STATIONS = tuple(LineProgress.__dataclass_fields__)
_CANCELLED_BY = {
    CancelParty.CUSTOMER: "cancelled_by_customer",
    CancelParty.SELLER: "cancelled_by_seller",
    CancelParty.SYSTEM: "cancelled_by_system",
}


@dataclass(slots=True, kw_only=True)
class LineState:
    """The quantities of one line, read under the order's lock."""

    id: int
    quantity_ordered: int
    quantity_cancelled: int
    quantity_allocated: int
    quantity_in_progress: int
    quantity_packed: int
    quantity_shipped: int
    quantity_out_for_delivery: int
    quantity_delivered: int
    quantity_returned_to_point: int
    quantity_returned: int
    quantity_lost: int


def lock_order(*, order_id: int) -> Order:
    """Lock one order for the transaction. Raises OrderNotFound."""
    sql.require_transaction()
    try:
        return Order.objects.locked().get(pk=order_id)
    except Order.DoesNotExist as exc:
        raise OrderNotFound("No such order") from exc


def order_fact(
    order: Order, event_type: EventType, *, cause: str = "", **data: object
) -> outbox.Fact:
    """A fact about an order, with the state it is in now."""
    return outbox.Fact(
        organization_id=order.organization_id,
        type=event_type,
        subject_type=SubjectType.ORDER,
        subject_id=order.pk,
        order_ref=order.pk,
        channel_id=order.channel_id,
        status=order.status,
        cause=cause,
        data={"order": order.external_id, **data},
    )


def derived_status(order: Order, lines: Sequence[lifecycle.LineQuantities]) -> OrderStatus:
    """What the order's state is, by its lines."""
    return lifecycle.order_status(lines, is_paid=order.is_paid, was_tried=order.was_tried)


def record_progress(
    *,
    order: Order,
    progress: Mapping[int, LineProgress],
    actor: Actor,
    now: datetime,
    cause: str = "",
) -> None:
    """Set how far lines have come, in absolute units over all parcels, and what follows from it.

    The order is locked by the caller. Saying the same again changes nothing. Packing and every
    milestone come through here, so lines are read and written by prepared statements.
    """
    lines = [LineState(**row) for row in sql.records(LINES, {"order_id": order.pk})]
    begun = _begun(lines)
    moved = [line for line in lines if line.id in progress and _advance(line, progress[line.id])]
    if moved:
        columns: dict[str, object] = {
            name: [getattr(progress[line.id], name) for line in moved] for name in _STATIONS
        }
        sql.rows(ADVANCE, {"ids": [line.id for line in moved], **columns})
        began = _began(begun, lines, derived_status(order, lines))
        first: First | None = None if began is None else (began, {})
        settle(order, lines, actor=actor, now=now, cause=cause, first=first)


def _begun(lines: Sequence[LineState]) -> tuple[bool, bool]:
    """Whether anything is packed, and whether anything has left."""
    packed = any(line.quantity_packed for line in lines)
    return packed, any(line.quantity_shipped for line in lines)


def _began(
    before: tuple[bool, bool], lines: Sequence[LineState], status: OrderStatus
) -> EventType | None:
    """What the first units of an order have reached while others have not: no state tells that."""
    was_packed, had_left = before
    is_packed, has_left = _begun(lines)
    rank = lifecycle.RANK[status]
    if has_left and not had_left and rank <= lifecycle.RANK[OrderStatus.PACKED]:
        return EventType.ORDER_PARTLY_SHIPPED
    if is_packed and not was_packed and rank < lifecycle.RANK[OrderStatus.PACKED]:
        return EventType.ORDER_PARTLY_PACKED
    return None


def _advance(line: LineState, progress: LineProgress) -> bool:
    changed = False
    for name in _STATIONS:
        value = getattr(progress, name)
        changed = changed or getattr(line, f"quantity_{name}") != value
        setattr(line, f"quantity_{name}", value)
    return changed


def record_cancellation(
    *,
    order: Order,
    cancels: Sequence[LineCancel],
    deallocate: Mapping[int, int],
    actor: Actor,
    now: datetime,
    cause: str = "",
) -> None:
    """Cancel units of lines for good, after their tasks and reservations were dealt with.

    The order is locked by the caller; `deallocate` says how many of the cancelled units were
    given to tasks. Of a bundle its line may be named, with sets, or all its parts. Records one
    event for the lines, told as the channel ordered them, and one more if the order ends with it.
    Raises BundleBroken.
    """
    everything = {line.pk: line for line in OrderLine.every.filter(order=order)}
    lines = {pk: line for pk, line in everything.items() if line.bundle_id is None}
    units = sets.in_units(cancels, everything)
    for cancel in units:
        line = lines[cancel.line_id]
        column = _CANCELLED_BY[cancel.party]
        setattr(line, column, getattr(line, column) + cancel.quantity)
        line.quantity_cancelled += cancel.quantity
    sets.check_whole(everything, columns=_CANCELLED_BY.values())
    _take_back(lines, deallocate)
    touched = [lines[pk] for pk in {cancel.line_id for cancel in units} | set(deallocate)]
    OrderLine.goods.bulk_update(
        touched, ["quantity_cancelled", "quantity_allocated", "quantity_in_progress",
                  *_CANCELLED_BY.values()],
    )  # fmt: skip
    details = [
        {"line": everything[cancel.line_id].external_id, "quantity": cancel.quantity,
         "party": cancel.party, "reason": cancel.reason}
        for cancel in sets.in_sets(units, everything)
    ]  # fmt: skip
    first = (EventType.ORDER_LINES_CANCELLED, {"lines": details})
    settle(order, list(lines.values()), actor=actor, now=now, cause=cause, first=first)


def record_deallocation(
    *,
    order: Order,
    units: Mapping[int, int],
    actor: Actor,
    now: datetime,
    cause: str,
    due_at: datetime | None,
) -> None:
    """Give units of lines back to routing, which tries again at `due_at`.

    The order is locked by the caller, and the tasks and reservations are already gone.
    """
    lines = _goods(order)
    _take_back(lines, units)
    touched = [lines[pk] for pk in units]
    OrderLine.goods.bulk_update(touched, ["quantity_allocated", "quantity_in_progress"])
    order.allocation_due_at = due_at
    order.save(update_fields=["allocation_due_at"])
    settle(order, list(lines.values()), actor=actor, now=now, cause=cause)
    if due_at is not None:
        hints.routing_is_due()


def record_allocation(
    *, order: Order, units: Mapping[int, int], actor: Actor, now: datetime, cause: str
) -> None:
    """Units of lines were given to points otherwise than by routing, with their reservations.

    The order is locked by the caller.
    """
    lines = _goods(order)
    for pk, quantity in units.items():
        lines[pk].quantity_allocated += quantity
    touched = [lines[pk] for pk in units]
    OrderLine.goods.bulk_update(touched, ["quantity_allocated"])
    settle(order, list(lines.values()), actor=actor, now=now, cause=cause)


def _goods(order: Order) -> dict[int, OrderLine]:
    """What points are given of an order, by key."""
    return {line.pk: line for line in OrderLine.goods.filter(order=order)}


def _take_back(lines: Mapping[int, OrderLine], units: Mapping[int, int]) -> None:
    for pk, quantity in units.items():
        line = lines[pk]
        line.quantity_allocated -= quantity
        line.quantity_in_progress = min(line.quantity_in_progress, line.quantity_allocated)


def settle(
    order: Order,
    lines: Sequence[lifecycle.LineQuantities],
    *,
    actor: Actor,
    now: datetime,
    cause: str = "",
    first: First | None = None,
) -> None:
    """Derive the state again, store it, and report `first` and then the new state, if it is new."""
    before = order.status
    order.status = derived_status(order, lines)
    order.changed_at = now
    if order.status == OrderStatus.CANCELLED or not any(map(_waits, lines)):
        order.allocation_due_at = None
        order.waiting_for = ""
    sql.rows(
        SETTLE,
        {
            "id": order.pk,
            "status": str(order.status),
            "changed_at": now,
            "allocation_due_at": order.allocation_due_at,
            "waiting_for": order.waiting_for,
        },
    )
    facts = []
    if first is not None:
        facts.append(order_fact(order, first[0], cause=cause, **first[1]))
    if order.status != before:
        facts.append(order_fact(order, _reached(before, order.status), cause=cause, before=before))
    outbox.record(facts, actor=actor, now=now)


def _waits(line: lifecycle.LineQuantities) -> bool:
    return line.quantity_allocated < line.quantity_ordered - line.quantity_cancelled


def _reached(before: str, after: str) -> EventType:
    """The event of a state reached; going back to one that was passed is said as such."""
    went_back = lifecycle.RANK[OrderStatus(after)] < lifecycle.RANK[OrderStatus(before)]
    if went_back and after not in {OrderStatus.UNALLOCATED, OrderStatus.CANCELLED}:
        return EventType.ORDER_REOPENED
    return REACHED[OrderStatus(after)]
