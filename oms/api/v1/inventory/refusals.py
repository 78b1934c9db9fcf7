"""Refusals of stock, as problems."""

from typing import Any

from django.utils.translation import gettext as _

from oms.api.v1.road import problems
from oms.api.v1.road.problems import FieldError, Problem, Translation
from oms.inventory import services as inventory


def register() -> None:
    """Called once, by the views."""
    problems.register({inventory.LevelMovedOn: Translation(412, "version_conflict")})


def insufficient(refusal: inventory.NegativeStock) -> Problem:
    """Which items would have left fewer than no units, and what they met."""
    items: Any = refusal.details["items"]
    errors = [
        FieldError(
            f"/items/{item['place']}/delta",
            "out_of_range",
            _("only %d are on hand") % item["on_hand"],
            {"available": item["available"], "on_hand": item["on_hand"]},
        )
        for item in items
    ]
    return Problem(409, "insufficient_stock", errors=errors)
