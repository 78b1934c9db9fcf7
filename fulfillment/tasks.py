"""Background work of tasks and labels: fix the clock, call one service."""

from celery import shared_task
from django.utils import timezone

from fulfillment import services
from oms.accounts.clocks import by_clock
from oms.kernel.drains import drain

LABEL_SLOTS = 16  # carriers answer slowly, so labels are fetched by as many workers as there are

FOLLOWING_SLOTS = 4  # carriers that may hang at a time, and nobody else waits

PAPER_SLOTS = 2  # drawing takes the processor, and most papers are drawn by who needs them

WAYBILL_SLOTS = 2  # whoever answers slowly holds up other channels' documents only


@shared_task(name="fulfillment.allocate_due")
def allocate_due(*, is_sweep: bool = False, **_: object) -> None:
    """Route until nothing is due, then watch for latecomers whose hint was left out."""
    services.drain_allocation(is_sweep=is_sweep)


@shared_task(name="fulfillment.fetch_label")
def fetch_label(*, document_id: int, **_: object) -> None:
    """Try once to get one label."""
    services.fetch_label(document_id=document_id, now=timezone.now())


@shared_task(name="fulfillment.fetch_due_labels")
def fetch_due_labels(*, is_sweep: bool = False, **_: object) -> None:
    """Fetch labels until none is due, then watch for latecomers whose hint was left out."""
    drain(
        by_clock(services.fetch_due_labels),
        lane="fulfillment.labels",
        slots=LABEL_SLOTS,
        is_sweep=is_sweep,
    )


@shared_task(name="fulfillment.fetch_due_waybills")
def fetch_due_waybills(*, is_sweep: bool = False, **_: object) -> None:
    """Fetch documents that channels keep until none is due, then watch for latecomers."""
    drain(
        by_clock(services.fetch_due_waybills),
        lane="fulfillment.waybills",
        slots=WAYBILL_SLOTS,
        is_sweep=is_sweep,
    )


@shared_task(name="fulfillment.follow_due_labels")
def follow_due_labels(*, is_sweep: bool = False, **_: object) -> None:
    """Ask carriers how far their parcels are until nobody is due."""
    drain(
        by_clock(services.follow_due_labels),
        lane="fulfillment.following",
        slots=FOLLOWING_SLOTS,
        is_sweep=is_sweep,
    )


@shared_task(name="fulfillment.draw_due_papers")
def draw_due_papers(*, is_sweep: bool = False, **_: object) -> None:
    """Draw papers until none is due, then watch for latecomers whose hint was left out."""
    drain(
        by_clock(services.draw_due_papers),
        lane="fulfillment.papers",
        slots=PAPER_SLOTS,
        is_sweep=is_sweep,
    )


@shared_task(name="fulfillment.hop_due")
def hop_due(**_: object) -> None:
    """Take tasks from points that did not accept them in time."""
    by_clock(services.hop_due)(now=timezone.now())
