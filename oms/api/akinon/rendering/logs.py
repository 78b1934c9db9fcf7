"""Entries of the log of changes of state (contract 6.4)."""

from typing import Any

from oms.api.akinon.log_reads import Change
from oms.api.akinon.rendering.states import brief
from oms.api.akinon.rendering.values import stamp

_NOBODY = "system"


def entry(change: Change) -> dict[str, Any]:
    """One change. What no command made has no attributes, what nobody asked for no user."""
    event = change.event
    kind, _, name = event.actor.partition(":")
    return {
        "id": event.position,
        "old_state": brief(change.old),
        "new_state": brief(change.new),
        "user": None if kind == _NOBODY else {"username": name},
        "attributes": _attributes(change),
        "object_id": change.object_id,
        "content_type": change.content_type,
        "created_date": stamp(event.occurred_at),
        "modified_date": stamp(event.occurred_at),
    }


def _attributes(change: Change) -> dict[str, Any] | None:
    """Which command it was, where one was asked for."""
    asked = change.event.data.get("rule")
    if asked is None:
        return None
    return {
        "command": {"slug": change.command, "transition_id": asked},
        "remote_user_pk": None,
        "remote_user_mail": None,
    }
