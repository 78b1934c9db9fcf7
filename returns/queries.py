"""Reads of returns. What an actor may not see does not exist."""

from collections import Counter
from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, Prefetch

from fulfillment.models import ParcelItem
from oms.kernel import errors
from oms.kernel.actors import Actor
from returns.choices import UnitStatus
from returns.models import ReturnOrder, ReturnOrderQuerySet, ReturnUnit


class ReturnNotFound(errors.NotFound):
    """No such return, or not this actor's."""

    code = "return_not_found"


def returns_feed(*, actor: Actor) -> ReturnOrderQuerySet:
    """Returns the actor may see, ready to serialise; the caller orders them."""
    units = ReturnUnit.objects.select_related("sku", "order_line__parent").order_by("position")
    return (
        ReturnOrder.objects.visible_to(actor)
        .select_related("order", "channel", "point")
        .prefetch_related(Prefetch("units", queryset=units))
    )


def get_return(*, actor: Actor, public_id: UUID) -> ReturnOrder:
    """One return, ready to serialise. Raises ReturnNotFound."""
    try:
        return returns_feed(actor=actor).get(public_id=public_id)
    except ReturnOrder.DoesNotExist as exc:
        raise ReturnNotFound("No such return") from exc


def is_visible(*, actor: Actor, public_id: UUID) -> bool:
    """Whether there is such a return for the actor."""
    return ReturnOrder.objects.visible_to(actor).filter(public_id=public_id).exists()


def claimed_units(*, order_id: int) -> dict[int, int]:
    """Units by order line that live returns of the order already speak for."""
    live = ReturnUnit.objects.filter(return_order__order_id=order_id, order_line__isnull=False)
    counted = live.exclude(status=UnitStatus.CANCELLED).values("order_line_id")
    return {row["order_line_id"]: row["units"] for row in counted.annotate(units=Count("pk"))}


def shipping_points(*, line_ids: Collection[int]) -> list[int]:
    """Points that shipped units of these order lines, the one with most of the units first."""
    items = ParcelItem.objects.filter(
        task_line__order_line_id__in=line_ids, parcel__shipped_at__isnull=False
    )
    units: Counter[int] = Counter()
    for point_id, quantity in items.values_list("parcel__point_id", "quantity").order_by("pk"):
        units[point_id] += quantity
    return sorted(units, key=lambda point_id: (-units[point_id], point_id))
