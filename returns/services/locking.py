"""A return, its units and its order, locked together, and the common end of every change."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from oms.events import outbox
from oms.events.choices import EventType, SubjectType
from oms.kernel import errors, sql
from oms.kernel.actors import Actor
from oms.orders import services as orders
from oms.orders.models import Order
from returns import lifecycle
from returns.choices import ReturnStatus
from returns.models import ReturnOrder, ReturnUnit
from returns.queries import ReturnNotFound

Told = tuple[EventType, dict[str, object]]  # what happened, and the data of its fact


class UnitNotFound(errors.InvalidInput):
    """The return has no such unit."""

    code = "return_unit_not_found"


@dataclass(slots=True, kw_only=True)
class ReturnWork:
    """A locked return with its units in order, and its locked order if we have it."""

    row: ReturnOrder
    units: list[ReturnUnit]
    order: Order | None

    def chosen(self, unit_ids: Sequence[UUID]) -> list[ReturnUnit]:
        """Units by public id, in the order of the return. Raises UnitNotFound."""
        known = {unit.public_id for unit in self.units}
        if unknown := [str(unit_id) for unit_id in unit_ids if unit_id not in known]:
            raise UnitNotFound("The return has no such unit", units=unknown)
        return [unit for unit in self.units if unit.public_id in set(unit_ids)]


def lock_return(*, public_id: UUID, actor: Actor) -> ReturnWork:
    """Lock a return the actor may see: its order first, then its own row.

    Its units need no lock, for whoever changes them comes through here. Raises ReturnNotFound.
    """
    sql.require_transaction()
    seen = ReturnOrder.objects.visible_to(actor)
    found = seen.filter(public_id=public_id).only("pk", "order").first()
    if found is None:
        raise ReturnNotFound("No such return")
    order = None if found.order_id is None else orders.lock_order(order_id=found.order_id)
    row = ReturnOrder.objects.locked().get(pk=found.pk)
    if row.order_id is not None and order is None:
        # Its order was found meanwhile. A rival in the other order ends in a deadlock that
        # PostgreSQL breaks, and the service runs again.
        order = orders.lock_order(order_id=row.order_id)
    units = list(row.units.select_related("sku").order_by("position"))
    return ReturnWork(row=row, units=units, order=order)


def fact(row: ReturnOrder, event_type: EventType, **data: object) -> outbox.Fact:
    """A fact about a return, with the state it is in now."""
    return outbox.Fact(
        organization_id=row.organization_id,
        type=event_type,
        subject_type=SubjectType.RETURN,
        subject_id=row.pk,
        order_ref=row.order_id,
        channel_id=row.channel_id,
        point_id=row.point_id,
        status=row.status,
        data={"return": row.number, "order": row.order_external_id, **data},
    )


def positions(units: Iterable[ReturnUnit]) -> list[int]:
    """Units as facts name them."""
    return [unit.position for unit in units]


def settle(work: ReturnWork, *said: Told, actor: Actor, now: dt.datetime) -> None:
    """Derive the state again, store it, and report what happened.

    A return that is inspected and decided is closed with it, as a fact of its own.
    """
    row = work.row
    states = [unit.status for unit in work.units]
    reached = lifecycle.inspection_status(states)
    if reached != row.status and row.status not in lifecycle.ENDED:
        _move(row, reached, now=now)
    facts = [fact(row, event_type, **data) for event_type, data in said]
    target = lifecycle.return_status(states, refund=row.refund_decision)
    if target != row.status:
        _move(row, target, now=now)
        facts.append(fact(row, EventType.RETURN_CLOSED))
    row.changed_at = now
    row.version += 1  # as the trigger does, which sees no change when only units have one
    row.save()
    outbox.record(facts, actor=actor, now=now)


def _move(row: ReturnOrder, target: ReturnStatus, *, now: dt.datetime) -> None:
    lifecycle.check(source=row.status, target=target)
    row.status = target
    match target:
        case ReturnStatus.INSPECTED:
            row.inspected_at = now
        case ReturnStatus.CLOSED:
            row.closed_at = now
        case ReturnStatus.CANCELLED:
            row.cancelled_at = now
        case _:
            pass
