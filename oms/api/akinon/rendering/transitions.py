"""State transitions as data (contract 6.2)."""

from typing import Any

from fulfillment.models import TransitionRule
from oms.api.akinon.command_words import WORDS
from oms.api.akinon.rendering.values import stamp


def transition(rule: TransitionRule) -> dict[str, Any]:
    """A transition; secrets of its configuration are never shown."""
    return {
        "id": rule.public_number,
        "name": rule.name,
        "slug": rule.slug,
        "source_state": rule.source,
        "destination_state": rule.destination,
        "command": WORDS[rule.command],
        "visibility": rule.is_visible,
        "config": rule.config,
        "created_date": stamp(rule.created_at),
        "modified_date": stamp(rule.changed_at),
    }
