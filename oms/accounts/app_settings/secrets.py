"""A value and its secrets, apart and together again.

A secret is a member its schema marks `writeOnly`, or one that is named like a secret, whatever the
schema says. Its place is told by names and, in lists, by the entry's own name or its position:
`endpoint_conf/[orders]/auth/token`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from oms.accounts.app_settings.kinds import Schema

MASK = "***"
NAMES = frozenset(
    {"password", "token", "secret", "secret_key", "api_key", "access_token", "client_secret"}
)

Secrets = dict[str, Any]
_Visit = Callable[[str, Any], Any]  # the place and the value of a secret, to what stands there


def split(value: Any, schema: Schema) -> tuple[Any, Secrets]:
    """The value with masks in place of its secrets, and these by their places."""
    found: Secrets = {}

    def take(place: str, secret: Any) -> Any:
        found[place] = secret
        return MASK

    return _walked(value, schema, "", take), found


def joined(masked: Any, schema: Schema, secrets: Mapping[str, Any]) -> Any:
    """The whole value again. A mask without a secret stays a mask."""
    return _walked(masked, schema, "", secrets.get)


def kept(value: Any, schema: Schema, old: Mapping[str, Any]) -> tuple[Any, list[str]]:
    """The value with masks replaced by the secrets that were there, and where there were none.

    Places are the dotted paths of errors.
    """
    unknown: list[str] = []

    def fill(place: str, given: Any) -> Any:
        if given != MASK:
            return given
        if place not in old:
            unknown.append(place)
        return old.get(place, given)

    return _walked(value, schema, "", fill), unknown


def _walked(value: Any, schema: Schema, place: str, visit: _Visit) -> Any:
    if isinstance(value, dict):
        return {
            name: _member(name, child, _of_member(schema, name), f"{place}/{name}", visit)
            for name, child in value.items()
        }
    if isinstance(value, list):
        items = _object(schema.get("items"))
        return [
            _walked(child, items, f"{place}/{_entry(child, schema, at)}", visit)
            for at, child in enumerate(value)
        ]
    return value


def _member(name: str, value: Any, schema: Schema, place: str, visit: _Visit) -> Any:
    is_secret = schema.get("writeOnly") is True or name.lower() in NAMES
    if is_secret and value not in (None, "", [], {}) and not isinstance(value, bool):
        return visit(place, value)
    return _walked(value, schema, place, visit)


def _of_member(schema: Schema, name: str) -> Schema:
    named = _object(schema.get("properties")).get(name)
    return _object(named if named is not None else schema.get("additionalProperties"))


def _entry(child: Any, schema: Schema, position: int) -> str:
    key = schema.get("x-key")
    name = child.get(key) if isinstance(child, dict) and isinstance(key, str) else None
    return f"[{name}]" if isinstance(name, str) and name else str(position)


def _object(schema: Any) -> Schema:
    return schema if isinstance(schema, Mapping) else {}
