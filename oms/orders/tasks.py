from celery import shared_task
from django.utils import timezone

from oms.orders import services


@shared_task(name="orders.release_due_holds")
def release_due_holds(**_: object) -> None:
    """Sweep: holds whose time is over."""
    services.release_due_holds(now=timezone.now())


@shared_task(name="orders.complete_due")
def complete_due(**_: object) -> None:
    """Sweep: orders that were delivered long enough ago."""
    services.complete_due(now=timezone.now())


@shared_task(name="orders.expire_cancel_requests")
def expire_cancel_requests(**_: object) -> None:
    """Sweep: requests to cancel that nobody has decided."""
    services.expire_cancel_requests(now=timezone.now())
