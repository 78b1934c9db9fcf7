"""Paging by key: every page of a list of millions costs what the first one costs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet

AFTER, BEFORE, LAST = "after", "before", "last"
CURSOR_PARAMS = (AFTER, BEFORE, LAST)
_SEPARATOR = "~"


class BadCursor(ValueError):
    """The cursor in the address is not one of ours."""


@dataclass(frozen=True, slots=True)
class Ordering:
    """A descending order that ends in the primary key.

    `partition` names a column whose values an index of this order starts with: the list is then
    read once per value and merged, so that no value set makes it slow.
    """

    columns: tuple[str, ...] = ("id",)
    partition: str = ""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: `after` or `before` a row, or at the `last` page."""

    direction: str = ""
    row: str = ""

    @classmethod
    def taken_from(cls, params: Mapping[str, str]) -> "Cursor":
        """Read the cursor of an address; the first page when there is none."""
        for name in (AFTER, BEFORE):
            if params.get(name):
                return cls(name, params[name])
        return cls(LAST) if LAST in params else cls()

    @property
    def is_backward(self) -> bool:
        return self.direction in {BEFORE, LAST}


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page and the cursors of its neighbours (empty: there is none)."""

    rows: list[Any] = field(default_factory=list)
    newer: str = ""
    older: str = ""


def mark(row: Model, order: Ordering) -> str:
    """A row's place in the order, as text for an address."""
    values = (getattr(row, column) for column in order.columns)
    return _SEPARATOR.join(v.isoformat() if isinstance(v, datetime) else str(v) for v in values)


def _place(text: str, model: type[Model], order: Ordering) -> list[Any]:
    parts = text.split(_SEPARATOR)
    if len(parts) != len(order.columns):
        raise BadCursor(text)
    fields = [model._meta.get_field(column) for column in order.columns]
    try:
        return [
            field.to_python(part.replace(" ", "+"))  # a plus sign of an address is a space
            for field, part in zip(fields, parts, strict=True)
            if isinstance(field, Field)
        ]
    except ValidationError as exc:
        raise BadCursor(text) from exc


def _beyond(place: Sequence[Any], order: Ordering, *, backward: bool) -> Q:
    """Rows behind (or before) a place. The first column's bound is stated alone for the index."""
    side = "gt" if backward else "lt"
    condition = Q()
    for depth in range(len(place)):
        equal = Q(**dict(zip(order.columns[:depth], place, strict=False)))
        condition |= equal & Q(**{f"{order.columns[depth]}__{side}": place[depth]})
    return Q(**{f"{order.columns[0]}__{side}e": place[0]}) & condition


def _window(queryset: QuerySet[Any], order: Ordering, cursor: Cursor, size: int) -> QuerySet[Any]:
    signs = "" if cursor.is_backward else "-"
    window = queryset.order_by(*(f"{signs}{column}" for column in order.columns))
    if cursor.row:
        place = _place(cursor.row, queryset.model, order)
        window = window.filter(_beyond(place, order, backward=cursor.is_backward))
    return window[: size + 1]


def read_page(
    queryset: QuerySet[Any],
    order: Ordering,
    cursor: Cursor,
    *,
    size: int,
    partitions: Iterable[int] = (),
) -> Page:
    """One page in at most two statements, whatever the table's size and the page's place."""
    values = list(partitions)
    if len(values) > 1:
        keys = _merged_keys(queryset, order, cursor, size, values)
        rows = list(queryset.filter(pk__in=keys).order_by(*(f"-{c}" for c in order.columns)))
        if cursor.is_backward:
            rows.reverse()
    else:
        one = {order.partition: values[0]} if values else {}
        rows = list(_window(queryset.filter(**one), order, cursor, size))
    has_more = len(rows) > size
    rows = rows[:size]
    if cursor.is_backward:
        rows.reverse()
    return _with_neighbours(rows, order, cursor, has_more=has_more)


def _merged_keys(
    queryset: QuerySet[Any], order: Ordering, cursor: Cursor, size: int, values: Sequence[int]
) -> list[Any]:
    slim = queryset.select_related(None).values_list(*order.columns)
    arms = [
        _window(slim.filter(**{order.partition: value}), order, cursor, size) for value in values
    ]
    signs = "" if cursor.is_backward else "-"
    merged = arms[0].union(*arms[1:], all=True)
    merged = merged.order_by(*(f"{signs}{column}" for column in order.columns))
    return [row[-1] for row in merged[: size + 1]]


def _with_neighbours(rows: list[Any], order: Ordering, cursor: Cursor, *, has_more: bool) -> Page:
    if not rows:
        return Page()
    has_older = has_more if not cursor.is_backward else cursor.direction == BEFORE
    has_newer = has_more if cursor.is_backward else cursor.direction == AFTER
    return Page(
        rows=rows,
        newer=mark(rows[0], order) if has_newer else "",
        older=mark(rows[-1], order) if has_older else "",
    )
