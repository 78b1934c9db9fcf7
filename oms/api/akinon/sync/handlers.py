"""Reactions to events. Each may run twice, so each is safe to repeat."""

from django.utils import timezone

from oms.api.akinon.sync import pushing
from oms.events.models import Event


def note_statuses(event: Event) -> None:
    """The source of the order is to hear how far its items are; at once, also where a test
    organization's clock is ahead.
    """
    pushing.note_statuses(event, now=min(event.occurred_at, timezone.now()))
