"""State objects (contract 6.4)."""

from typing import Any

from oms.api.akinon.states import ORDER, State

# States are part of the program, so nobody made or changed them since.
_SINCE = "2025-01-01T00:00:00.000000Z"


def state(one: State) -> dict[str, Any]:
    """In full, as objects that have a state show it."""
    shown: dict[str, Any] = {
        "id": one.id,
        "name": one.name,
        "config": {},
        "enum_class": one.enum_class,
        "enum_value": one.enum_value,
        "content_type": one.content_type,
        "created_date": _SINCE,
        "modified_date": _SINCE,
    }
    if one.enum_class == ORDER:
        shown["translations"] = {"en-us": {"name": one.name}}
    return shown


def brief(one: State) -> dict[str, Any]:
    """As the log of transitions shows it."""
    return {
        "id": one.id,
        "name": one.name,
        "enum_value": one.enum_value,
        "enum_class": one.enum_class,
    }
