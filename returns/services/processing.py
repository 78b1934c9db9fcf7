"""Units a point received and judged, told by the point's own codes in one go."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from returns import lifecycle
from returns.choices import ReturnStatus, UnitStatus
from returns.drafts import Arrival, Finding, Receipt, ReturnEdit, UnitResult
from returns.models import ReturnOrder, ReturnUnit
from returns.services.deciding import edit_return
from returns.services.inspecting import inspect_return
from returns.services.locking import ReturnWork, lock_return
from returns.services.receiving import receive_return


class ReturnUnitUnknown(errors.InvalidInput):
    """No unit of the return has the code, and none of the SKU is left; `unit_code` is theirs."""

    code = "return_unit_unknown"

    def __init__(self, unit_code: str) -> None:
        super().__init__("The return has no such unit", unit=unit_code)
        self.unit_code = unit_code


class UnitToldTwice(errors.InvalidInput):
    """Two findings have the same code."""

    code = "return_unit_told_twice"

    def __init__(self, unit_code: str) -> None:
        super().__init__("A unit is told twice", unit=unit_code)
        self.unit_code = unit_code


@retried
@transaction.atomic
def process_units(
    *,
    public_id: UUID,
    findings: Sequence[Finding],
    arrival: Arrival,
    actor: Actor,
    now: dt.datetime,
) -> ReturnOrder:
    """Receive and inspect units, all or none; stock is left to the point's own count.

    A finding is about the unit with its code: the announced one, or the one a finding with this
    code was about before; else about the first unit of its SKU that has no result, which keeps the
    code. Saying the same again changes nothing. How it travelled is stored with what is new.
    Raises ReturnNotFound, ReturnTransitionRefused for a cancelled return, ReturnUnitUnknown,
    UnitToldTwice, UnitAlreadyInspected, UnitTransitionRefused, ReturnPointUnknown.
    """
    work = lock_return(public_id=public_id, actor=actor)
    if work.row.status == ReturnStatus.CANCELLED:
        lifecycle.check(source=work.row.status, target=ReturnStatus.RECEIVED)
    matched = _matched(work, findings)
    results = [_result(unit, finding) for unit, finding in matched]
    new = [unit for unit, _ in matched if unit.status != UnitStatus.INSPECTED]
    if new:
        _travelled(work, arrival, actor=actor, now=now)
        receipt = Receipt(
            unit_ids=tuple(unit.public_id for unit in new),
            tracking_number=arrival.tracking_number,
            point_id=arrival.point_id,
            received_at=now,
        )
        receive_return(public_id=public_id, receipt=receipt, actor=actor, now=now)
        _keep_codes(matched)
    return inspect_return(public_id=public_id, results=results, actor=actor, now=now)


def _matched(work: ReturnWork, findings: Sequence[Finding]) -> list[tuple[ReturnUnit, Finding]]:
    """Which unit each finding is about: those with their code first."""
    codes = [finding.unit_code for finding in findings]
    if doubled := next((code for code in codes if codes.count(code) > 1), None):
        raise UnitToldTwice(doubled)
    announced = {unit.external_id: unit for unit in work.units if unit.external_id}
    named = {unit.point_code: unit for unit in work.units if unit.point_code} | announced
    found = {code: named[code] for code in codes if code in named}
    taken = {unit.pk for unit in found.values()}
    for finding in findings:
        if finding.unit_code not in found:
            unit = _first_open(work.units, finding, taken)
            found[finding.unit_code] = unit
            taken.add(unit.pk)
    return [(found[finding.unit_code], finding) for finding in findings]


def _first_open(units: Sequence[ReturnUnit], finding: Finding, taken: set[int]) -> ReturnUnit:
    done = {UnitStatus.INSPECTED, UnitStatus.CANCELLED}
    for unit in units:
        if unit.sku_id == finding.sku_id and unit.status not in done and unit.pk not in taken:
            return unit
    raise ReturnUnitUnknown(finding.unit_code)


def _result(unit: ReturnUnit, finding: Finding) -> UnitResult:
    return UnitResult(
        unit_id=unit.public_id,
        qc_status=finding.qc_status,
        qc_reason=finding.qc_reason,
        image_urls=finding.image_urls,
    )


def _travelled(work: ReturnWork, arrival: Arrival, *, actor: Actor, now: dt.datetime) -> None:
    """Note who brought it, while something of it is still expected."""
    edit = ReturnEdit(
        carrier_code=arrival.carrier_code or None, tracking_number=arrival.tracking_number or None
    )
    if any(unit.status == UnitStatus.EXPECTED for unit in work.units):
        edit_return(public_id=work.row.public_id, edit=edit, actor=actor, now=now)


def _keep_codes(matched: Sequence[tuple[ReturnUnit, Finding]]) -> None:
    """Remember codes that are the point's own."""
    for unit, finding in matched:
        if finding.unit_code not in (unit.external_id, unit.point_code):
            ReturnUnit.objects.filter(pk=unit.pk).update(point_code=finding.unit_code)
