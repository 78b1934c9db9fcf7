"""Refusals of the sandbox, as problems. Who may not use it gets 403, as the family has it."""

from oms.accounts import sandboxes
from oms.api.v1.road.problems import Table, Translation, register
from oms.kernel.errors import DomainError


def _member(refusal: DomainError) -> str:
    return "/to" if refusal.details["is_by_time"] else "/advance_seconds"


_OUT_OF_RANGE = Translation(422, "validation_failed", pointer=_member, field_code="out_of_range")
TABLE: Table = {
    sandboxes.ClockGoesForward: _OUT_OF_RANGE,
    sandboxes.MovedTooFar: _OUT_OF_RANGE,
}
register(TABLE)
