"""What settings there are: a plug. Facades register theirs from `AppConfig.ready()`."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingKind:
    """One key: what its value looks like, and what holds while it is not set.

    `schema` is JSON Schema 2020-12 without references. `writeOnly` marks secrets; `x-key` on a
    list names the member that its entries are told apart by, so that a secret stays with its entry
    when entries change places.
    """

    key: str
    title: str
    schema: Schema
    help: str = ""
    default: Any = field(default=None)


_kinds: dict[str, SettingKind] = {}


def register(kind: SettingKind) -> None:
    """Make a key known. Registering again replaces."""
    _kinds[kind.key] = kind


def registered() -> tuple[SettingKind, ...]:
    """Every known kind, by key."""
    return tuple(_kinds[key] for key in sorted(_kinds))


def kind_of(key: str) -> SettingKind | None:
    """What is known of a key; None for one nobody registered."""
    return _kinds.get(key)


def schema_of(key: str) -> Schema:
    """The schema of a key; an empty one fits every value."""
    kind = _kinds.get(key)
    return {} if kind is None else kind.schema


_listeners: defaultdict[str, list[Callable[[int], None]]] = defaultdict(list)


def listen(key: str, forget: Callable[[int], None]) -> None:
    """Have `forget` called, with the organization's key, when this process writes a setting.

    For those who remember values: called inside the transaction, and again after its commit.
    """
    _listeners[key].append(forget)


def written(key: str, organization_id: int) -> None:
    """Tell the listeners of a key."""
    for forget in _listeners.get(key, ()):
        forget(organization_id)
