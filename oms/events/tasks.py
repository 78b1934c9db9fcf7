from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from oms.events import hints, relay, sending, services
from oms.kernel import metrics
from oms.kernel.drains import drain, slot, unheld

_LANE = "events.deliver"


@shared_task(name="events.relay_due")
def relay_due(*, is_sweep: bool = False, **_: object) -> None:
    """Relay until nothing is due, then watch for latecomers whose hint was left out."""
    drain(relay.relay_batch, lane="events.relay", is_sweep=is_sweep)


# Nothing is claimed after a minute; the last try may take as long as a lease.
@shared_task(name="events.deliver_due", time_limit=200)
def deliver_due(*, is_sweep: bool = False, **_: object) -> None:
    """Send the news that is due; a job that ends by its time asks for the next one."""
    with slot(_LANE, settings.OMS_WEBHOOK_SLOTS) as number:
        if number is None:
            return
        with transaction.atomic():
            gone = unheld(_LANE, settings.OMS_WEBHOOK_SLOTS)
            freed = sending.release_orphaned(slots=gone)
        metrics.count_expired_leases(queue="webhooks", number=freed)
        done = sending.deliver(pace=sending.Pace(is_sweep=is_sweep, slot=number))
    if done.has_more:
        hints.DELIVERIES.after_commit()


@shared_task(name="events.replay_due")
def replay_due(*, is_sweep: bool = False, **_: object) -> None:
    """Work off the replays that were asked for, batch by batch."""
    drain(services.replay_batch, lane="events.replay", is_sweep=is_sweep)


@shared_task(name="events.purge_due")
def purge_due(**_: object) -> None:
    """Sweep: what is kept for a time only."""
    services.purge(now=timezone.now())
