from celery import shared_task
from django.utils import timezone

from oms.inbox import services


@shared_task(name="inbox.reconcile_due")
def reconcile_due(**_: object) -> None:
    """Sweep: raise what is stuck, close what is not any more."""
    services.reconcile_due(now=timezone.now())


@shared_task(name="inbox.forget_due")
def forget_due(**_: object) -> None:
    """Sweep: entries that were closed long ago."""
    services.forget_closed(now=timezone.now())
