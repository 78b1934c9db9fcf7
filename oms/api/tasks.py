"""Background work of the APIs."""

from celery import shared_task
from django.utils import timezone
from oauth2_provider.models import clear_expired

from oms.api.v1.road import once


@shared_task(name="api.forget_due")
def forget_due(**_: object) -> None:
    """Forget idempotency keys after three days, and access tokens that have expired."""
    now = timezone.now()
    while once.purge(now=now):
        pass
    clear_expired()
