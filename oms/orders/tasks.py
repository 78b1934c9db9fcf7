from celery import shared_task
from django.utils import timezone

from oms.accounts.clocks import by_clock
from oms.orders import services


@shared_task(name="orders.release_due_holds")
def release_due_holds(**_: object) -> None:
    """Sweep: holds whose time is over."""
    by_clock(services.release_due_holds)(now=timezone.now())


@shared_task(name="orders.complete_due")
def complete_due(**_: object) -> None:
    """Sweep: orders that were delivered long enough ago."""
    by_clock(services.complete_due)(now=timezone.now())


@shared_task(name="orders.expire_cancel_requests")
def expire_cancel_requests(**_: object) -> None:
    """Sweep: requests to cancel that nobody has decided."""
    by_clock(services.expire_cancel_requests)(now=timezone.now())
