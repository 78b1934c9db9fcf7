"""Refusals of the sandbox, as problems. Who may not use it gets 403, as the family has it."""

from oms.accounts import sandboxes
from oms.api.v1.road.problems import Table, Translation, register

TABLE: Table = {
    sandboxes.ClockGoesForward: Translation(
        422, "validation_failed", pointer="/to", field_code="out_of_range"
    ),
    sandboxes.MovedTooFar: Translation(
        422,
        "validation_failed",
        pointer=lambda refusal: str(refusal.details["pointer"]),
        field_code="out_of_range",
    ),
}
register(TABLE)
