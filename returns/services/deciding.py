"""Editing, refunding and calling off."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from oms.events.choices import EventType
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from returns import lifecycle
from returns.choices import RefundDecision, ReturnStatus, UnitStatus
from returns.drafts import ReturnEdit
from returns.models import ReturnOrder, ReturnUnit
from returns.services.locking import ReturnWork, Told, lock_return, positions, settle

_OF_THE_JOURNEY = ("carrier_code", "tracking_number")


class ReturnChanged(errors.Conflict):
    """The return is not the version the caller looked at."""

    code = "return_changed"


class ReturnArrived(errors.Conflict):
    """How it travels can no longer be changed: everything arrived, or it was cancelled."""

    code = "return_arrived"


class RefundAlreadyDecided(errors.Conflict):
    """The refund was decided, or the return was cancelled before it was."""

    code = "refund_already_decided"


@retried
@transaction.atomic
def edit_return(
    *,
    public_id: UUID,
    edit: ReturnEdit,
    actor: Actor,
    now: dt.datetime,
    expected_version: int | None = None,
) -> ReturnOrder:
    """Change how a return travels while something of it is expected, its note, and decide its
    refund.

    What is as it was is not reported. Raises ReturnNotFound, ReturnChanged, ReturnArrived,
    RefundAlreadyDecided.
    """
    work = lock_return(public_id=public_id, actor=actor)
    if expected_version not in {None, work.row.version}:
        raise ReturnChanged("The return was changed meanwhile", version=work.row.version)
    said: list[Told] = []
    if changed := _changes(work, edit):
        said.append((EventType.RETURN_EDITED, {"changed": changed}))
    if decision := _decision(work.row, edit):
        work.row.refund_decision = decision
        work.row.refund_decided_at, work.row.refund_decided_by = now, str(actor)
        said.append((EventType.RETURN_REFUND_DECIDED, {"decision": decision}))
    if said:
        settle(work, *said, actor=actor, now=now)
    return work.row


def decide_refund(
    *, public_id: UUID, decision: RefundDecision, actor: Actor, now: dt.datetime
) -> ReturnOrder:
    """Approve or reject the refund, once; a return that is inspected is closed with it.

    Saying the same again changes nothing. Raises ReturnNotFound, RefundAlreadyDecided.
    """
    edit = ReturnEdit(refund_decision=decision)
    return edit_return(public_id=public_id, edit=edit, actor=actor, now=now)


@retried
@transaction.atomic
def cancel_return(
    *, public_id: UUID, unit_ids: Sequence[UUID] = (), actor: Actor, now: dt.datetime
) -> ReturnOrder:
    """Call a return off before anything of it arrived, or units of it that did not arrive.

    The units may be announced again. A return of which everything else is inspected is inspected
    with it. Raises ReturnNotFound, UnitNotFound, ReturnTransitionRefused, UnitTransitionRefused.
    """
    work = lock_return(public_id=public_id, actor=actor)
    if not unit_ids:
        lifecycle.check(source=work.row.status, target=ReturnStatus.CANCELLED)
    live = [unit for unit in work.units if unit.status != UnitStatus.CANCELLED]
    named = work.chosen(unit_ids) if unit_ids else live
    for unit in named:
        lifecycle.check_unit(source=unit.status, target=UnitStatus.CANCELLED)
        unit.status = UnitStatus.CANCELLED
    ReturnUnit.objects.bulk_update(named, ["status"])
    if len(named) == len(live):
        told: Told = (EventType.RETURN_CANCELLED, {"units": positions(named)})
    else:
        told = (EventType.RETURN_EDITED, {"changed": ["units"]})
    settle(work, told, actor=actor, now=now)
    return work.row


def _changes(work: ReturnWork, edit: ReturnEdit) -> list[str]:
    """Set what is new, and say what that was."""
    row = work.row
    changed = []
    for name in (*_OF_THE_JOURNEY, "note"):
        value = getattr(edit, name)
        if value is not None and value != getattr(row, name):
            setattr(row, name, value)
            changed.append(name)
    travels = any(unit.status == UnitStatus.EXPECTED for unit in work.units)
    if not travels and set(changed) & set(_OF_THE_JOURNEY):
        raise ReturnArrived("It no longer travels", current=row.status)
    return changed


def _decision(row: ReturnOrder, edit: ReturnEdit) -> RefundDecision | None:
    """The decision if it is new."""
    if edit.refund_decision in {None, row.refund_decision}:
        return None
    if row.refund_decision != RefundDecision.PENDING or row.status == ReturnStatus.CANCELLED:
        raise RefundAlreadyDecided("The refund was decided, or called off", current=row.status)
    return edit.refund_decision
