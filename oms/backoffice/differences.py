"""What is different between two JSON values, member by member."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

LONGEST = 400  # characters of a value that are shown


class _Absent:
    """No value at all, which is something else than null."""


ABSENT = _Absent()


@dataclass(frozen=True, slots=True)
class Difference:
    """One member, what it was and what it became; an empty text where it was not there."""

    path: str
    before: str
    after: str


def differences(before: Any, after: Any) -> list[Difference]:
    """Every member that is not the same, by dotted path in the order of the paths.

    Lists of objects are compared place by place, other lists as a whole.
    """
    return [Difference(path, shown(old), shown(new)) for path, old, new in _walk("", before, after)]


def shown(value: Any) -> str:
    """A value as a person reads it."""
    if isinstance(value, _Absent):
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _walk(path: str, before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    if _same(before, after):
        return
    old, new = _members(before), _members(after)
    if old is None or new is None or not (old or new):
        yield path, before, after
        return
    for name in sorted({*old, *new}, key=_natural):
        at = f"{path}.{name}" if path else name
        yield from _walk(at, old.get(name, ABSENT), new.get(name, ABSENT))


def _same(before: Any, after: Any) -> bool:
    """JSON's own idea of equal: true is not 1, as it is in Python."""
    if isinstance(before, _Absent) or isinstance(after, _Absent):
        return before is after
    return json.dumps(before, sort_keys=True) == json.dumps(after, sort_keys=True)


def _members(value: Any) -> Mapping[str, Any] | None:
    """Members of an object or of a list of objects; None of anything else, {} of nothing."""
    if isinstance(value, _Absent) or value == []:
        return {}
    if isinstance(value, Mapping):
        return value
    if isinstance(value, list) and all(isinstance(each, Mapping) for each in value):
        return {str(place): each for place, each in enumerate(value)}
    return None


def _natural(name: str) -> tuple[int, str]:
    return (int(name), "") if name.isdecimal() else (-1, name)
