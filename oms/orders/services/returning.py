"""Units of an order that came back."""

from collections.abc import Mapping
from datetime import datetime

from oms.kernel.actors import Actor
from oms.orders.models import Order, OrderLine
from oms.orders.services.progress import settle


def record_return(
    *, order: Order, units: Mapping[int, int], actor: Actor, now: datetime, cause: str = ""
) -> None:
    """Count more units (by line key) as returned; the order is RETURNED when everything came back.

    The order is locked by the caller, who sees to it that a unit is counted once. That no more
    than was shipped can come back is a constraint of the table.
    """
    lines = {line.pk: line for line in OrderLine.goods.filter(order=order).order_by("pk")}
    for pk, quantity in units.items():
        lines[pk].quantity_returned += quantity
    OrderLine.goods.bulk_update([lines[pk] for pk in units], ["quantity_returned"])
    settle(order, list(lines.values()), actor=actor, now=now, cause=cause)
