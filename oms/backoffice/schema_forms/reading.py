"""What was typed, as JSON. Nothing is judged here: what is no number stays a text."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.http import QueryDict

from oms.backoffice.schema_forms import schemas
from oms.backoffice.schema_forms.schemas import Kind, Schema

MASK = "***"  # shown in place of a secret, and sent back to keep it
_REST, _COUNT, _KEPT = ":rest", ":count", ":kept"
MOST_ROWS = 200


Posted = QueryDict


class _Unsaid:
    """No value at all, which is something else than null."""


UNSAID = _Unsaid()


class Reader:
    """Reads one posted form by its schema. `ordered` names members whose order counts."""

    def __init__(self, posted: Posted, root: Schema, kinds: Mapping[str, Kind]) -> None:
        self.posted = posted
        self.root = root
        self.kinds = kinds

    def read(self, schema: Schema, name: str, *, is_required: bool) -> Any:
        """The value of the member that stands under this name, or UNSAID."""
        allows_null = schemas.takes_null(schema, self.root)
        schema = schemas.plain(schema, self.root)
        found = self._read(schema, name, is_required=is_required)
        if found is UNSAID and is_required and allows_null:
            return None
        return found

    def _read(self, schema: Schema, name: str, *, is_required: bool) -> Any:
        kind = self.kinds.get(pattern_of(name)) or schemas.kind_of(
            schema, self.root, is_required=is_required
        )
        match kind:
            case Kind.GROUP:
                return self._group(schema, name, is_required=is_required)
            case Kind.ROWS:
                return self._rows(schema, name, is_required=is_required)
            case Kind.CHOICES | Kind.ORDER:
                return self._several(name, is_required=is_required)
            case Kind.YES_NO:
                return self._ticked(schema, name, is_required=is_required)
            case _:
                return self._single(kind, name, is_required=is_required)

    def _group(self, schema: Schema, name: str, *, is_required: bool) -> Any:
        needed = schema.get("required", ())
        read = {
            key: self.read(member, f"{name}.{key}", is_required=key in needed)
            for key, member in schema["properties"].items()
        }
        found = {key: value for key, value in read.items() if value is not UNSAID}
        rest = _json(self.posted.get(name + _REST, ""))
        if isinstance(rest, Mapping):
            found = {**rest, **found}
        return found if found or is_required else UNSAID

    def _rows(self, schema: Schema, name: str, *, is_required: bool) -> Any:
        items = schema.get("items") or {}
        rows = [
            self.read(items, f"{name}.{place}", is_required=True)
            for place in range(count_of(self.posted, name))
        ]
        return rows if rows or is_required else UNSAID

    def _several(self, name: str, *, is_required: bool) -> Any:
        chosen = [value for value in self.posted.getlist(name) if value]
        unique = list(dict.fromkeys(chosen))
        return unique if unique or is_required else UNSAID

    def _ticked(self, schema: Schema, name: str, *, is_required: bool) -> Any:
        is_on = name in self.posted
        says_default = is_on == bool(schema.get("default", False))
        return UNSAID if not is_required and says_default else is_on

    def _single(self, kind: Kind, name: str, *, is_required: bool) -> Any:
        text = str(self.posted.get(name, ""))
        if kind == Kind.SECRET:
            return text or (MASK if name + _KEPT in self.posted else UNSAID)
        if kind == Kind.LINES:
            lines = [line.strip() for line in text.splitlines() if line.strip()]
            return lines if lines or is_required else UNSAID
        if not text.strip():
            return UNSAID
        return _PARSERS[kind](text.strip())


def pattern_of(name: str) -> str:
    """The place in the schema: `v.rows.3.name` is the `rows.*.name` of every row."""
    parts = name.split(".")[1:]
    return ".".join("*" if part.isdigit() else part for part in parts)


def count_of(posted: Posted, name: str) -> int:
    """How many rows were on the page."""
    text = str(posted.get(name + _COUNT, ""))
    return min(int(text), MOST_ROWS) if text.isdigit() else 0


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text or UNSAID


def _whole(text: str) -> Any:
    return int(text) if text.lstrip("+-").isdecimal() else text


def _number(text: str) -> Any:
    whole = _whole(text)
    if isinstance(whole, int):
        return whole
    try:
        return float(text)
    except ValueError:
        return text


def _maybe(text: str) -> Any:
    return {"yes": True, "no": False}.get(text, text)


_PARSERS: Mapping[Kind, Callable[[str], Any]] = {
    Kind.TEXT: str,
    Kind.LONG_TEXT: str,
    Kind.CHOICE: str,
    Kind.WHOLE: _whole,
    Kind.NUMBER: _number,
    Kind.MAYBE: _maybe,
    Kind.JSON: _json,
}
