"""Reads of what happened."""

from oms.events.models import Event, EventQuerySet
from oms.kernel.actors import Actor


def timeline_of_order(*, order_id: int) -> EventQuerySet:
    """Everything that happened to an order, its tasks and parcels, oldest first."""
    return Event.objects.filter(order_ref=order_id).order_by("id")


def events_feed(*, actor: Actor) -> EventQuerySet:
    """Relayed events the actor may see, in the order of the feed. Nothing appears behind it."""
    return Event.objects.visible_to(actor).filter(position__isnull=False).order_by("position")
