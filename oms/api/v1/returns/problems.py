"""Refusals about returns, as problems."""

from collections.abc import Callable, Mapping
from typing import Any

from oms.api.v1.returns.mapping import word
from oms.api.v1.road import identifiers
from oms.api.v1.road.problems import Table, Translation, register
from oms.kernel.errors import DomainError
from returns import lifecycle, services
from returns.choices import ReturnStatus


def _existing(refusal: services.ReturnAlreadyExpected) -> Mapping[str, object]:
    public_id: Any = refusal.details["public_id"]
    return {"existing_id": identifiers.of_uuid("ret_", public_id)}


def _moves(refusal: DomainError) -> Mapping[str, object]:
    """Where it is, and where it could go."""
    allowed: Any = refusal.details["allowed"]
    return {
        "current_status": word(str(refusal.details["current"])),
        "allowed": [word(each) for each in allowed],
    }


def _stands(refusal: DomainError) -> Mapping[str, object]:
    current = ReturnStatus(str(refusal.details["current"]))
    allowed = sorted(lifecycle.TRANSITIONS[current])
    return {"current_status": word(current), "allowed": [word(each) for each in allowed]}


def _at(member: str) -> Callable[[DomainError], str]:
    """A member of the first of the units a refusal is about."""

    def pointer(refusal: DomainError) -> str:
        places: Any = refusal.details["units"]
        place = f"/{places[0]}{member}" if places else ""
        return f"/units{place}"

    return pointer


_FIRST = _at("")

TABLE: Table = {
    services.ReturnAlreadyExpected: Translation(409, "duplicate_external_id", extensions=_existing),
    services.MoreThanShipped: Translation(409, "invalid_state", _FIRST, field_code="out_of_range"),
    services.UnknownReturnSku: Translation(422, "unknown_sku", _at("/sku")),
    services.UnknownReturnLine: Translation(422, "validation_failed", _at("/order_line_id")),
    services.LineHasOtherSku: Translation(422, "validation_failed", _at("/sku")),
    services.UnitNamesNothing: Translation(
        422, "validation_failed", _at("/sku"), field_code="required"
    ),
    services.BadReturnUnits: Translation(422, "validation_failed", _FIRST, field_code="duplicate"),
    services.UnitNotFound: Translation(422, "validation_failed", "/units"),
    services.UnitInspectedTwice: Translation(
        422, "validation_failed", "/units", field_code="duplicate"
    ),
    services.ReturnPointUnknown: Translation(422, "unknown_location", "/location_id"),
    services.TrackingNumberDiffers: Translation(422, "validation_failed", "/tracking_number"),
    services.ReturnChanged: Translation(412, "version_conflict"),
    services.UnitAlreadyInspected: Translation(409, "invalid_state"),
    services.ReturnArrived: Translation(409, "invalid_state", extensions=_stands),
    services.RefundAlreadyDecided: Translation(409, "invalid_state", extensions=_stands),
    lifecycle.ReturnTransitionRefused: Translation(409, "invalid_state", extensions=_moves),
    lifecycle.UnitTransitionRefused: Translation(409, "invalid_state", extensions=_moves),
}
register(TABLE)
