"""How refusals about orders are told (contract 4.3 and 4.8)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from fulfillment import services as fulfillment
from oms.api.v1.orders import mapping, reads, rendering
from oms.api.v1.road import identifiers
from oms.api.v1.road.problems import FieldError, Problem, Translation, register
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.kernel.contention import Busy
from oms.kernel.versions import VersionConflict
from oms.orders import services as orders


def register_refusals() -> None:
    """Called once, when the routes are loaded."""
    register(
        {
            VersionConflict: Translation(412, "version_conflict"),
            orders.OrderAlreadyPlaced: Translation(
                409, "duplicate_external_id", extensions=_existing
            ),
            orders.BadOrderLines: Translation(
                422, "validation_failed", "/lines", field_code="out_of_range"
            ),
            orders.LineNotInOrder: Translation(422, "validation_failed", "/lines"),
            orders.LineNotWished: Translation(422, "validation_failed", "/lines"),
            orders.TooManyUnits: Translation(
                422, "validation_failed", "/lines", field_code="out_of_range"
            ),
            orders.DiscountTooLarge: Translation(
                422, "validation_failed", "/order_discount", field_code="out_of_range"
            ),
        }
    )


def _existing(refusal: orders.OrderAlreadyPlaced) -> dict[str, object]:
    return {"existing_id": order_id(refusal.orders[0])}


def order_id(intake: orders.Intake) -> str:
    """The id of an order that was, or would have been, placed."""
    return identifiers.of_uuid("ord_", intake.public_id)


@contextmanager
def told_with_state(text: str, actor: Actor) -> Iterator[None]:
    """Conflicts with an order's state say where it is, and where it may go."""
    try:
        yield
    except (VersionConflict, Busy):
        raise
    except errors.Conflict as refusal:
        found = reads.order(text, actor)
        status = rendering.status(found)
        raise Problem(
            409,
            "invalid_state",
            extensions={"current_status": status, "allowed": _next(found, status)},
        ) from refusal


def _next(found: reads.OrderRow, status: str) -> list[str]:
    """Clearing a hold leads back to where the order was."""
    if status != "on_hold":
        return list(mapping.NEXT[status])
    return [rendering.status(found, ignores_holds=True), *mapping.NEXT[status]]


@contextmanager
def told_per_line() -> Iterator[None]:
    """Missing stock is told line by line."""
    try:
        yield
    except fulfillment.StockShort as refusal:
        raise Problem(
            409,
            "insufficient_stock",
            errors=[
                FieldError(
                    f"/lines/{place}/quantity",
                    "out_of_range",
                    _("more than is available"),
                    {"available": max(available, 0)},
                )
                for place, available in refusal.lines
            ],
        ) from refusal
