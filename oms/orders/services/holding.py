"""Holds: reasons why work on an order waits. It goes on when the last one is released."""

from datetime import datetime

from django.db import transaction

from oms.accounts.clocks import EVERYBODY, Circle
from oms.events import outbox
from oms.events.choices import EventType
from oms.kernel import errors
from oms.kernel.actors import SYSTEM, Actor
from oms.orders import hints
from oms.orders.choices import HoldReason
from oms.orders.drafts import HoldWish
from oms.orders.models import Hold
from oms.orders.services import progress

MACHINES = "client:"  # how the holders that are no persons begin


class HoldNotFound(errors.NotFound):
    """No such hold, or it is released already."""

    code = "hold_not_found"


class HeldByStaff(errors.Conflict):
    """A hold that a person placed is for people to release."""

    code = "held_by_staff"


class OrderEnded(errors.Conflict):
    """Nothing is left to hold."""

    code = "order_ended"


@transaction.atomic
def hold_order(
    *,
    order_id: int,
    reason: HoldReason,
    note: str,
    holder: str,
    expires_at: datetime | None,
    actor: Actor,
    now: datetime,
) -> Hold:
    """Place a hold: routing leaves the order alone until every hold is released.

    The same holder's hold for the same reason is one hold; its note and expiry are renewed.
    Raises OrderNotFound and OrderEnded.
    """
    order = progress.lock_order(order_id=order_id)
    if not order.is_open:
        raise OrderEnded(f"{order.external_id} is {order.status}", status=order.status)
    hold, created = Hold.objects.update_or_create(
        order=order,
        reason=reason,
        holder=holder,
        released_at=None,
        defaults={"note": note, "expires_at": expires_at},
        create_defaults={"note": note, "expires_at": expires_at, "placed_at": now},
    )
    order.changed_at = now
    order.save(update_fields=["changed_at"])
    if created:
        fact = progress.order_fact(order, EventType.ORDER_HELD, reason=reason, holder=holder)
        outbox.record([fact], actor=actor, now=now)
    return hold


@transaction.atomic
def release_hold(*, hold_id: int, actor: Actor, now: datetime) -> Hold:
    """Release one hold; with the last one, an order that waits is routed again.

    Raises HoldNotFound.
    """
    order_id = Hold.objects.filter(pk=hold_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise HoldNotFound("No such hold")
    order = progress.lock_order(order_id=order_id)
    hold = Hold.objects.get(pk=hold_id)
    if hold.released_at is not None:
        raise HoldNotFound("The hold is released already")
    hold.released_at = now
    hold.released_by = str(actor)
    hold.save(update_fields=["released_at", "released_by", "updated_at"])
    is_free = not order.holds.filter(released_at__isnull=True).exists()
    if is_free and order.is_open and any(line.quantity_waiting for line in order.lines.all()):
        order.allocation_due_at = now if order.is_paid else None
        hints.routing_is_due()
    order.changed_at = now
    order.save(update_fields=["allocation_due_at", "changed_at"])
    fact = progress.order_fact(
        order, EventType.ORDER_RELEASED, reason=hold.reason, holder=hold.holder
    )
    outbox.record([fact], actor=actor, now=now)
    return hold


@transaction.atomic
def replace_machine_hold(
    *, order_id: int, wish: HoldWish | None, actor: Actor, now: datetime
) -> None:
    """Make what machines hold an order for be this one reason, or nothing.

    People's holds are theirs to release: with one of them open, nothing can be cleared. Raises
    OrderNotFound, OrderEnded and HeldByStaff.
    """
    order = progress.lock_order(order_id=order_id)
    still_open = order.holds.filter(released_at__isnull=True)
    if wish is None and still_open.exclude(holder__startswith=MACHINES).exists():
        raise HeldByStaff("A person holds the order", status=order.status)
    if wish is not None:
        hold_order(
            order_id=order_id,
            reason=wish.reason,
            note=wish.note,
            holder=str(actor),
            expires_at=None,
            actor=actor,
            now=now,
        )
        still_open = still_open.exclude(reason=wish.reason, holder=str(actor))
    theirs = still_open.filter(holder__startswith=MACHINES).order_by("pk")
    for hold_id in list(theirs.values_list("pk", flat=True)):
        release_hold(hold_id=hold_id, actor=actor, now=now)


def release_due_holds(*, now: datetime, limit: int = 200, circle: Circle = EVERYBODY) -> int:
    """Release the holds of a circle's orders whose time is over. Returns how many."""
    due = Hold.objects.filter(
        circle.members("order__organization_id"), released_at__isnull=True, expires_at__lte=now
    )
    released = 0
    for hold_id in list(due.order_by("pk").values_list("pk", flat=True)[:limit]):
        try:
            release_hold(hold_id=hold_id, actor=SYSTEM, now=now)
        except HoldNotFound:
            continue  # somebody released it meanwhile
        released += 1
    return released
