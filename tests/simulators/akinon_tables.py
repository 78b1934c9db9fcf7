"""Tables as Django's filters, sorting and paging show them over HTTP."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlencode

from tests.simulators.akinon_wire import NotFound, Refusal, Request, Row

PAGE_SIZE = 10
MOST_A_PAGE = 1000
PLAIN = frozenset({"page", "limit", "page_size", "sort", "format"})
LOOKUPS: Mapping[str, Callable[[Any, Any], bool]] = {
    "exact": lambda value, wanted: value == wanted,
    "iexact": lambda value, wanted: str(value).casefold() == str(wanted).casefold(),
    "icontains": lambda value, wanted: str(wanted).casefold() in str(value).casefold(),
    "gt": lambda value, wanted: value is not None and value > wanted,
    "gte": lambda value, wanted: value is not None and value >= wanted,
    "lt": lambda value, wanted: value is not None and value < wanted,
    "lte": lambda value, wanted: value is not None and value <= wanted,
}
ORDERED = frozenset({"gt", "gte", "lt", "lte"})


def stamp(at: dt.datetime) -> str:
    """An instant as the wire has it: UTC, microseconds, Z."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass
class Table:
    """Rows by `pk`. `filters` names the fields that may be filtered by; `pk` always may."""

    filters: frozenset[str] = frozenset()
    rows: dict[int, Row] = field(default_factory=dict)
    key: str = "pk"
    ignored: set[str] = field(default_factory=set)
    """Parameters nobody knows: they filter nothing, as with the real ones."""
    _keys: Any = field(default_factory=lambda: count(1))

    def add(self, **members: object) -> Row:
        """A new row, with a key of its own unless it is told."""
        key = members.pop(self.key, None)
        if key is None:
            key = next(number for number in self._keys if number not in self.rows)
        row: Row = {self.key: key, **members}
        self.rows[row[self.key]] = row
        return row

    def get(self, key: int | str) -> Row:
        """Raises NotFound."""
        found = self.rows.get(int(key)) if str(key).isdigit() else None
        if found is None:
            raise NotFound
        return found

    def select(self, query: Mapping[str, str]) -> list[Row]:
        """Filtered and sorted; by key where nothing is said."""
        found = list(self.rows.values())
        for name, text in query.items():
            if name not in PLAIN:
                found = self._filtered(found, name, text)
        sort = query.get("sort", self.key)
        column = sort.removeprefix("-")
        column = self.key if column in ("id", "pk") else column
        found.sort(key=lambda row: row[self.key])
        found.sort(key=lambda row: (row.get(column) is None, row.get(column)))
        return found[::-1] if sort.startswith("-") else found

    def _filtered(self, rows: list[Row], name: str, text: str) -> list[Row]:
        column, _, lookup = name.partition("__")
        column = self.key if column in ("id", "pk") else column
        if column not in self.filters | {self.key} or lookup not in {"", "in", *LOOKUPS}:
            self.ignored.add(name)
            return rows
        if lookup == "in":
            wanted = [_like(part, column) for part in text.split(",")]
            return [row for row in rows if _plain(row.get(column)) in wanted]
        holds, value = LOOKUPS[lookup or "exact"], _like(text, column)
        if lookup in ORDERED:
            return [row for row in rows if holds(_counted(row.get(column)), _counted(value))]
        return [row for row in rows if holds(_plain(row.get(column)), value)]


def page(request: Request, rows: list[Row], show: Callable[[Row], Row] = dict) -> Row:
    """The envelope of the page that was asked for. Refused: a page there is not."""
    size = min(_natural(request, "limit", "page_size") or PAGE_SIZE, MOST_A_PAGE)
    number = _natural(request, "page") or 1
    begin = (number - 1) * size
    if number > 1 and begin >= len(rows):
        raise Refusal(404, {"detail": "Invalid page.", "code": "not_found"})
    return {
        "count": len(rows),
        "next": _page_url(request, number + 1) if begin + size < len(rows) else None,
        "previous": _page_url(request, number - 1) if number > 1 else None,
        "results": [show(row) for row in rows[begin : begin + size]],
    }


def chosen(row: Row, names: Iterable[str]) -> Row:
    """Some members of a row."""
    return {name: row[name] for name in names if name in row}


def _page_url(request: Request, number: int) -> str:
    query = urlencode({**request.query, "page": str(number)})
    return f"{request.origin}{request.path}?{query}"


def _natural(request: Request, *names: str) -> int | None:
    for name in names:
        if (text := request.query.get(name)) is not None:
            if not text.isdigit() or int(text) < 1:
                raise Refusal(400, {name: ["A valid integer is required."], "code": "invalid"})
            return int(text)
    return None


def _like(text: str, column: str) -> object:
    """What a parameter means: an instant, a key, a boolean, or the text."""
    if column.endswith("_date") or column == "date_placed":
        try:
            return stamp(dt.datetime.fromisoformat(text))
        except ValueError as fault:
            raise Refusal(400, {column: ["Enter a valid date/time."], "code": "invalid"}) from fault
    if text in ("True", "true", "False", "false"):
        return text.lower() == "true"
    return text


def _plain(value: object) -> object:
    """A value as parameters can say it: objects by their key, numbers as text."""
    if isinstance(value, dict):
        value = value.get("pk")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value


def _counted(value: object) -> object:
    """As `_plain`, but keys and amounts compare as numbers."""
    plain = _plain(value)
    return int(plain) if isinstance(plain, str) and plain.isdigit() else plain
