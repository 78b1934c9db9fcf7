from celery import shared_task

from oms.events import relay
from oms.kernel.drains import drain


@shared_task(name="events.relay_due")
def relay_due(*, is_sweep: bool = False, **_: object) -> None:
    """Relay until nothing is due, then watch for latecomers whose hint was left out."""
    drain(relay.relay_batch, lane="events.relay", is_sweep=is_sweep)
