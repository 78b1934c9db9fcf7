"""Background work of the connector: fix the clock, call one service.

It belongs to the outside world, so it keeps to real time, whatever a test clock shows.
"""

from celery import shared_task
from django.utils import timezone

from oms.api.akinon.sync import pulling, pushing, receiving, setup
from oms.kernel.drains import drain

PULLS = 4  # organizations whose source may be read at a time


@shared_task(name="akinon.pull_due")
def pull_due(*, is_sweep: bool = False, **_: object) -> None:
    """Read orders of every organization that is due."""
    drain(pulling.poll_due, lane="akinon.pull", slots=PULLS, is_sweep=is_sweep)


@shared_task(name="akinon.receive_due")
def receive_due(*, is_sweep: bool = False, **_: object) -> None:
    """Work off messages until none is due, then watch for latecomers."""
    drain(receiving.work_off_due, lane=receiving.LANE, is_sweep=is_sweep)


@shared_task(name="akinon.push_due")
def push_due(*, is_sweep: bool = False, **_: object) -> None:
    """Tell statuses until none is due, then watch for latecomers."""
    drain(pushing.push_due, lane=pushing.LANE, is_sweep=is_sweep)


@shared_task(name="akinon.copy_due")
def copy_due(*, is_sweep: bool = False, **_: object) -> None:
    """Copy what is asked for until nothing is due."""
    drain(setup.copy_due, lane=setup.LANE, is_sweep=is_sweep)


@shared_task(name="akinon.forget_due")
def forget_due(**_: object) -> None:
    """Delete messages and updates that were done long ago."""
    now = timezone.now()
    while receiving.forget_old(now=now) or pushing.forget_old(now=now):
        pass
