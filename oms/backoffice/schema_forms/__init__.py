"""Forms drawn from a JSON Schema, for pages that work without scripts.

`SchemaForm` is to a schema what Django's form is to its fields: bound to what was posted, or to
a value that is to be changed. Lists of objects grow and shrink by buttons that post the form.
Secrets (`writeOnly`) are never drawn: empty keeps what is stored.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from oms.backoffice.schema_forms import checking
from oms.backoffice.schema_forms.drawing import Drawing, Node, Options
from oms.backoffice.schema_forms.reading import MASK, UNSAID, Posted, Reader
from oms.backoffice.schema_forms.schemas import Kind, Schema

__all__ = ["MASK", "Kind", "Node", "SchemaForm"]

PREFIX = "v"
ROWS_BUTTON = "_rows"  # its value: add:<path>, drop:<path>.<row>, up:<path>.<row>


class SchemaForm:
    """One schema, one value, and what is wrong with it."""

    def __init__(
        self,
        schema: Schema,
        *,
        value: Any = UNSAID,
        posted: Posted | None = None,
        kinds: Mapping[str, Kind] | None = None,
        options: Mapping[str, Options] | None = None,
    ) -> None:
        self.schema = schema
        self.kinds = kinds or {}
        self.options = options or {}
        self.is_bound = posted is not None
        self.errors: dict[str, list[str]] = {}
        self.value = value
        if posted is not None:
            read = Reader(posted, schema, self.kinds).read(schema, PREFIX, is_required=True)
            self.value = _with_rows(read, str(posted.get(ROWS_BUTTON, "")))
            self.is_asked_for_rows = ROWS_BUTTON in posted
        else:
            self.is_asked_for_rows = False

    def is_valid(self) -> bool:
        """Whether the schema has nothing against what was typed; fills `errors`."""
        if not self.is_bound or self.is_asked_for_rows:
            return False
        self.errors = checking.errors_of(self.value, self.schema)
        return not self.errors

    def add_errors(self, errors: Mapping[str, Iterable[str]]) -> None:
        """Refusals of a service, by path."""
        self.errors = checking.merged(self.errors, errors)

    @property
    def root(self) -> Node:
        """What the template draws."""
        drawing = Drawing(
            root=self.schema, kinds=self.kinds, options=self.options, errors=self.errors
        )
        return drawing.node(self.schema, PREFIX, self.value, is_required=True)

    @property
    def summary(self) -> Sequence[tuple[str, str]]:
        """Every fault with its path, for the head of the page."""
        return [(path, text) for path, texts in self.errors.items() for text in texts]


def _with_rows(value: Any, asked: str) -> Any:
    """The value after a button of a list was pressed; a button nobody knows does nothing."""
    verb, _, path = asked.partition(":")
    if verb == "add":
        rows = _at(value, _parts(path), make=True)
        if isinstance(rows, list):
            rows.append({})
        return value
    above, _, place = path.rpartition(".")
    rows = _at(value, _parts(above), make=False)
    if isinstance(rows, list) and place.isdecimal() and int(place) < len(rows):
        _change(rows, int(place), verb)
    return value


def _change(rows: list[Any], place: int, verb: str) -> None:
    if verb == "drop":
        del rows[place]
    elif verb == "up" and place:
        rows[place - 1], rows[place] = rows[place], rows[place - 1]


def _parts(path: str) -> list[str]:
    return path.split(".") if path else []


def _at(value: Any, parts: Sequence[str], *, make: bool) -> Any:
    """The list at a path; made, with the groups it stands in, where it is wanted."""
    for depth, part in enumerate(parts):
        if isinstance(value, list):
            value = value[int(part)] if part.isdecimal() and int(part) < len(value) else None
        elif isinstance(value, dict) and make:
            value = value.setdefault(part, [] if depth == len(parts) - 1 else {})
        else:
            value = value.get(part) if isinstance(value, dict) else None
    return value
