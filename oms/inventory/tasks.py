"""Background work of stock: fix the clock, call one service."""

from celery import shared_task
from django.utils import timezone

from oms.inventory import services


@shared_task(name="inventory.announce_due")
def announce_due(**_: object) -> None:
    """Sweep: products whose available stock is not what their channel was told."""
    services.announce_due(now=timezone.now())


@shared_task(name="inventory.tell_levels_due")
def tell_levels_due(**_: object) -> None:
    """Sweep: levels that are not as those who listen were last told."""
    services.tell_levels_due(now=timezone.now())
