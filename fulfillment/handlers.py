"""Reactions to events. Each may run twice, so each is safe to repeat."""

from fulfillment import services
from oms.events.models import Event
from oms.kernel.actors import SYSTEM


def wake_waiting_orders(event: Event) -> None:
    """Where there is more stock than before, counted or given back, waiting orders are due."""
    sku_ids = event.data.get("more_sku_ids") or event.data.get("released_sku_ids") or []
    if sku_ids:
        services.wake_waiting_orders(organization_id=event.organization_id, sku_ids=sku_ids)


def flag_unserved_tasks(event: Event) -> None:
    """After a count or a correction: mark tasks its point can no longer serve, or can again."""
    services.flag_unserved(point_id=event.subject_id, actor=SYSTEM, now=event.occurred_at)


def close_finished_picklist(event: Event) -> None:
    """With the last task that was to be picked, its picklist is done."""
    services.close_finished_picklist(task_id=event.subject_id, actor=SYSTEM, now=event.occurred_at)


def erase_documents(event: Event) -> None:
    """With the buyer's data go the labels that show it."""
    services.erase_documents(order_id=event.subject_id, actor=SYSTEM, now=event.occurred_at)


def pass_on_wish(event: Event) -> None:
    """Points at work on an order hear that somebody wishes to cancel it."""
    request_id = event.data["cancel_request_id"]
    services.pass_on_wish(request_id=request_id, actor=SYSTEM, now=event.occurred_at)


def announce_terms(event: Event) -> None:
    """Points at work on an order hear that it is held or free, or due at another time."""
    services.announce_terms(order_id=event.subject_id, cause=event, actor=SYSTEM)


def announce_deadline(event: Event) -> None:
    """Of an edit, points hear when it moved the time to ship by."""
    if "ship_by_at" in event.data.get("changed", ()):
        announce_terms(event)
