"""Reactions to events. Each may run twice, so each is safe to repeat."""

from oms.events.models import Event
from returns.services.erasing import erase_words as erase


def erase_words(event: Event) -> None:
    """With the buyer's data go the words and pictures of what came back."""
    erase(order_id=event.subject_id, now=event.occurred_at)
