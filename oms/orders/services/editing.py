"""Changing an order that is here already, as far as it has not come too far for it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from msgspec import UNSET

from oms.events import outbox
from oms.events.choices import EventType
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.kernel.versions import check_version
from oms.orders import hints
from oms.orders.choices import PaymentStatus
from oms.orders.drafts import OrderEdit
from oms.orders.models import Order, OrderLine
from oms.orders.services import addressing, holding, line_edits, progress

# What can be changed only until something of the order is packed, or even allocated.
UNTIL_PACKED = frozenset({"ship_to", "shipping_fee", "order_discount"})
UNTIL_ALLOCATED = frozenset({"lines", "preferred_point_id"})
_COLUMNS = (
    "shipping_fee", "order_discount", "preferred_point_id", "seller_remark", "packaging_note",
    "ship_by_at", "tags", "payment_status",
)  # fmt: skip
_NO_EDIT = frozenset({"order_id", "expected_version", "hold"})


class OrderFrozen(errors.Conflict):
    """The order has come too far for one of these changes. Nothing was changed."""

    code = "order_frozen"


class DiscountTooLarge(errors.InvalidInput):
    """The order would cost less than nothing."""

    code = "discount_too_large"


@transaction.atomic
def edit_order(*, edit: OrderEdit, actor: Actor, now: datetime) -> Order:
    """Change what is named, all of it or nothing; routing looks again at what it concerns.

    A payment that arrived makes the order due for routing; one that is withdrawn later does not
    stop it. Reports the members that were named, never what they say. Raises OrderNotFound,
    VersionConflict, OrderFrozen, OrderEnded, HeldByStaff, BuyerErased, LineNotInOrder,
    BadOrderLines and DiscountTooLarge.
    """
    order = progress.lock_order(order_id=edit.order_id)
    check_version(expected=edit.expected_version, actual=order.version)
    named = _named(edit)
    everything = list(OrderLine.every.filter(order=order).order_by("position", "pk"))
    _check_not_frozen(order, everything, named, holds=bool(edit.hold))
    lines = [line for line in everything if line.parent_id is None]
    if changed := named - _NO_EDIT:
        _change(order, lines, edit, changed, actor=actor, now=now)
    if edit.hold is not UNSET:
        holding.replace_machine_hold(order_id=order.pk, wish=edit.hold, actor=actor, now=now)
    order.refresh_from_db()
    return order


def _named(edit: OrderEdit) -> frozenset[str]:
    members = OrderEdit.__dataclass_fields__
    return frozenset(name for name in members if getattr(edit, name) is not UNSET)


def _check_not_frozen(
    order: Order, lines: Sequence[OrderLine], named: Collection[str], *, holds: bool
) -> None:
    frozen: set[str] = set()
    if not order.is_open or any(line.quantity_packed for line in lines):
        frozen |= UNTIL_PACKED | UNTIL_ALLOCATED
        frozen |= {"hold"} if holds else set()
    elif any(line.quantity_allocated for line in lines):
        frozen |= UNTIL_ALLOCATED
    if refused := sorted(frozen & set(named)):
        raise OrderFrozen(f"Too late to change {', '.join(refused)}", members=refused)


def _change(
    order: Order,
    lines: list[OrderLine],
    edit: OrderEdit,
    changed: frozenset[str],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    for name in _COLUMNS:
        if name in changed:
            value = getattr(edit, name)
            setattr(order, name, list(value) if name == "tags" else value)
    addressing.readdress(order, ship_to=edit.ship_to, bill_to=edit.bill_to)
    if edit.lines is not UNSET:
        lines = line_edits.replace_lines(order, lines, edit.lines)
        order.goods_total = sum((line.total for line in lines), order.goods_total * 0)
    if order.total < 0:
        raise DiscountTooLarge("The discount is larger than what it is taken from")
    if order.payment_status == PaymentStatus.PAID:
        order.is_paid = True
    if changed & {"lines", "preferred_point_id", "payment_status"}:
        _route_again(order, lines, now=now)
    order.changed_at = now
    order.save()
    _report(order, lines, sorted(changed), actor=actor, now=now)


def _route_again(order: Order, lines: Sequence[OrderLine], *, now: datetime) -> None:
    """An order of which nothing waits, or that is held, is not due; release looks again."""
    waits = any(line.quantity_waiting for line in lines)
    if order.is_paid and order.is_open and waits:
        order.allocation_due_at = now
        hints.routing_is_due()


def _report(
    order: Order,
    lines: Sequence[OrderLine],
    changed: Sequence[str],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Say what was edited, and the state if another follows from it."""
    edited = EventType.ORDER_EDITED
    if progress.derived_status(order, lines) != order.status:
        progress.settle(order, lines, actor=actor, now=now, first=(edited, {"changed": changed}))
    else:
        fact = progress.order_fact(order, edited, changed=changed)
        outbox.record([fact], actor=actor, now=now)
