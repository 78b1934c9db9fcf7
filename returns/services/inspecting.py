"""What inspections found, and where the units go from there."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from oms.events.choices import EventType
from oms.inventory import services as inventory
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from returns import lifecycle
from returns.choices import Disposition, UnitStatus
from returns.drafts import UnitResult
from returns.models import ReturnOrder, ReturnUnit
from returns.services.locking import ReturnWork, Told, lock_return, positions, settle

_RESULT = ["status", "qc_status", "qc_reason", "image_urls", "disposition", "inspected_at"]
_KEPT = {Disposition.RESTOCK, Disposition.QUARANTINE}


class UnitAlreadyInspected(errors.Conflict):
    """The unit has another result; results are final. `units` are positions."""

    code = "return_unit_already_inspected"


class UnitInspectedTwice(errors.InvalidInput):
    """One call names a unit twice."""

    code = "return_unit_inspected_twice"


@retried
@transaction.atomic
def inspect_return(
    *, public_id: UUID, results: Sequence[UnitResult], actor: Actor, now: dt.datetime
) -> ReturnOrder:
    """Record what inspections found of units that arrived, and put them where they go.

    RESTOCK adds a unit to what is on hand where it arrived, QUARANTINE to what is unavailable
    there, DISCARD changes no stock; each unit once, however often its result is said. A result
    without a disposition may be completed with one later. The refund is not touched.
    Raises ReturnNotFound, UnitNotFound, UnitInspectedTwice, UnitAlreadyInspected and, for units
    that did not arrive, UnitTransitionRefused.
    """
    work = lock_return(public_id=public_id, actor=actor)
    named = work.chosen([result.unit_id for result in results])
    said = {result.unit_id: result for result in results}
    if len(said) != len(results):
        raise UnitInspectedTwice("A unit is named twice")
    new = [unit for unit in named if not _is_known(unit, said[unit.public_id])]
    if not new:
        return work.row
    for unit in new:
        _judge(unit, said[unit.public_id], now=now)
    ReturnUnit.objects.bulk_update(new, _RESULT)
    told: Told = (EventType.RETURN_INSPECTED, {"units": positions(new)})
    settle(work, told, actor=actor, now=now)
    _book(work, new, actor=actor, now=now)
    return work.row


def _is_known(unit: ReturnUnit, result: UnitResult) -> bool:
    """Whether the result was said before. Raises UnitAlreadyInspected for another one."""
    if unit.status != UnitStatus.INSPECTED:
        return False
    same = unit.qc_status == result.qc_status
    if same and result.disposition in {None, unit.disposition}:
        return True
    if same and not unit.disposition:
        return False
    raise UnitAlreadyInspected("The unit has another result", units=[unit.position])


def _judge(unit: ReturnUnit, result: UnitResult, *, now: dt.datetime) -> None:
    if unit.status != UnitStatus.INSPECTED:
        lifecycle.check_unit(source=unit.status, target=UnitStatus.INSPECTED)
        unit.status, unit.inspected_at = UnitStatus.INSPECTED, now
        unit.qc_status = result.qc_status
        unit.qc_reason = result.qc_reason
        unit.image_urls = list(result.image_urls)
    unit.disposition = result.disposition or ""


def _book(work: ReturnWork, units: Sequence[ReturnUnit], *, actor: Actor, now: dt.datetime) -> None:
    """Put units into the stock of the points they arrived at."""
    deltas = [
        inventory.StockDelta(
            sku_id=unit.sku_id,
            point_id=unit.point_id,
            on_hand=int(unit.disposition == Disposition.RESTOCK),
            unavailable=int(unit.disposition == Disposition.QUARANTINE),
        )
        for unit in units
        if unit.point_id is not None and unit.disposition in _KEPT
    ]
    if deltas:
        inventory.return_stock(
            deltas=deltas,
            cause=work.row.number,
            reference=work.row.external_id or "",
            actor=actor,
            now=now,
        )
