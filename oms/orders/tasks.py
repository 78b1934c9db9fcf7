from celery import shared_task
from django.utils import timezone

from oms.orders import services


@shared_task(name="orders.release_due_holds")
def release_due_holds(**_: object) -> None:
    """Sweep: holds whose time is over."""
    services.release_due_holds(now=timezone.now())
