"""Reactions to events. Each may run twice, so each is safe to repeat."""

from oms.events.models import Event
from oms.kernel.actors import SYSTEM
from returns.services import crediting
from returns.services.erasing import erase_words as erase


def erase_words(event: Event) -> None:
    """With the buyer's data go the words and pictures of what came back."""
    erase(order_id=event.subject_id, now=event.occurred_at)


def credit_return(event: Event) -> None:
    """What was refunded is taken from its invoice."""
    crediting.credit_return(return_id=event.subject_id, actor=SYSTEM, now=event.occurred_at)
