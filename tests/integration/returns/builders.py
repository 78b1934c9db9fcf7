"""Orders that left, and what comes back of them."""

import datetime as dt

from fulfillment.choices import ParcelStatus
from oms.events.models import Event
from oms.inventory.models import StockLevel, StockMovement
from oms.kernel.actors import SYSTEM
from returns import services
from returns.choices import Disposition, QcStatus
from returns.models import ReturnOrder, ReturnUnit
from returns.services import Receipt, ReturnDraft, UnitDraft, UnitResult
from tests.factories import NOW
from tests.integration.fulfillment.builders import Case, milestone, pack, routed

LATER = NOW + dt.timedelta(days=3)


def shipped(*, delivered: bool = True, **overrides) -> Case:
    """An order whose every unit was shipped by one point, and delivered."""
    case = routed(**overrides)
    pack(case)
    milestone(case, ParcelStatus.SHIPPED)
    if delivered:
        milestone(case, ParcelStatus.DELIVERED, minutes=5)
    return case


def units_of(case: Case, *quantities: int) -> tuple[UnitDraft, ...]:
    """Units by SKU: that many of the first, of the second, ..."""
    return tuple(
        UnitDraft(sku_code=sku.code)
        for sku, quantity in zip(case.skus, quantities, strict=False)
        for _ in range(quantity)
    )


def draft_of(case: Case, *quantities: int, **overrides) -> ReturnDraft:
    defaults = {
        "organization_id": case.order.organization_id,
        "order_id": case.order.pk,
        "units": units_of(case, *(quantities or (1,))),
    }
    return ReturnDraft(**{**defaults, **overrides})


def expect(case: Case, *quantities: int, actor=SYSTEM, **overrides) -> ReturnOrder:
    draft = draft_of(case, *quantities, **overrides)
    return services.expect_return(draft=draft, actor=actor, now=LATER)


def receive(row: ReturnOrder, *units: ReturnUnit, actor=SYSTEM, **overrides) -> ReturnOrder:
    receipt = Receipt(unit_ids=tuple(unit.public_id for unit in units), **overrides)
    return services.receive_return(public_id=row.public_id, receipt=receipt, actor=actor, now=LATER)


def result(unit: ReturnUnit, disposition=Disposition.RESTOCK, **overrides) -> UnitResult:
    defaults = {"unit_id": unit.public_id, "qc_status": QcStatus.PASS, "disposition": disposition}
    return UnitResult(**{**defaults, **overrides})


def inspect(row: ReturnOrder, *results: UnitResult, actor=SYSTEM) -> ReturnOrder:
    return services.inspect_return(public_id=row.public_id, results=results, actor=actor, now=LATER)


def units(row: ReturnOrder) -> list[ReturnUnit]:
    return list(row.units.order_by("position"))


def told(row: ReturnOrder) -> list[tuple[str, str]]:
    """Types of the events of a return, with the state after each."""
    events = Event.objects.filter(subject_type="return", subject_id=row.pk)
    return list(events.order_by("sequence").values_list("type", "status"))


def movements(row: ReturnOrder) -> list[tuple[int, int]]:
    """What the ledger took back for a return: on hand, unavailable."""
    booked = StockMovement.objects.filter(kind="RETURN", cause=row.number).order_by("pk")
    return list(booked.values_list("on_hand_delta", "unavailable_delta"))


def level(case: Case, place: int = 0) -> tuple[int, int]:
    """On hand and unavailable of a SKU at the point."""
    found = StockLevel.objects.get(point=case.point, sku=case.skus[place])
    return found.on_hand, found.unavailable
