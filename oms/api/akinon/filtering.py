"""Filters of lists, by the names of query parameters. Parameters nobody knows are ignored."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime

from oms.api.akinon.errors import invalid_fields
from oms.api.akinon.paging import ordered

Row = TypeVar("Row", bound=Model)

Filter = Callable[[str], Q]
"""What a parameter's text asks for. Raises Unreadable."""

_LONGEST_NUMBER = 18
_MOST_LISTED = 1_000
_TRUE = frozenset({"true", "1", "yes", "on"})
_FALSE = frozenset({"false", "0", "no", "off"})


class Unreadable(ValueError):
    """The text of a parameter is none of its kind; says what is expected."""


def filtered(
    rows: "QuerySet[Row]", query: QueryDict, filters: Mapping[str, Filter]
) -> "QuerySet[Row]":
    """Rows that fit every filter with a text; `name__exact` is `name`, unless it is a filter of its
    own. 400 by name for a text that cannot be read.
    """
    every = {f"{name}__exact": ask for name, ask in filters.items()} | dict(filters)
    for name, ask in every.items():
        for text in query.getlist(name):
            if text:
                rows = rows.filter(_asked(name, text, ask))
    return rows


def chosen(
    rows: "QuerySet[Row]",
    query: QueryDict,
    filters: Mapping[str, Filter],
    sorts: Mapping[str, str],
    *,
    default: str = "-id",
) -> "QuerySet[Row]":
    """Rows that fit, in the order that is asked for."""
    return ordered(filtered(rows, query, filters), query, dict(sorts), default=default)


def whole(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER:
        return int(text)
    raise Unreadable("Enter a whole number.")


def texts(text: str) -> list[str]:
    """A comma list."""
    found = [word.strip() for word in text.split(",") if word.strip()]
    if len(found) > _MOST_LISTED:
        raise Unreadable(f"At most {_MOST_LISTED} values.")
    return found


def wholes(text: str) -> list[int]:
    return [whole(word) for word in texts(text)]


def flag(text: str) -> bool:
    word = text.lower()
    if word in _TRUE | _FALSE:
        return word in _TRUE
    raise Unreadable("Enter true or false.")


def moment(text: str) -> dt.datetime:
    """A time, or a day for its midnight; without an offset it is UTC."""
    try:
        at = parse_datetime(text.replace(" ", "+") if "T" in text else text)
        day = None if at else parse_date(text)
    except ValueError:
        at = day = None
    if at is None and day is None:
        raise Unreadable("Enter a valid date/time.")
    found = at or dt.datetime.combine(day or dt.date.min, dt.time.min)
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def of_text(path: str) -> Filter:
    """Equal to, or as the path's look-up says."""
    return lambda text: Q(**{path: text})


def of_texts(path: str) -> Filter:
    return lambda text: Q(**{f"{path}__in": texts(text)})


def of_whole(path: str) -> Filter:
    return lambda text: Q(**{path: whole(text)})


def of_wholes(path: str) -> Filter:
    return lambda text: Q(**{f"{path}__in": wholes(text)})


def of_flag(path: str) -> Filter:
    return lambda text: Q(**{path: flag(text)})


def moments(name: str, path: str) -> dict[str, Filter]:
    """`name`, and `name__gt`, `__gte`, `__lt`, `__lte`."""
    found: dict[str, Filter] = {name: lambda text: Q(**{path: moment(text)})}
    for lookup in ("gt", "gte", "lt", "lte"):
        found[f"{name}__{lookup}"] = _compared(f"{path}__{lookup}")
    return found


def _compared(path: str) -> Filter:
    return lambda text: Q(**{path: moment(text)})


def _asked(name: str, text: str, ask: Filter) -> Q:
    try:
        return ask(text)
    except Unreadable as error:
        raise invalid_fields({name: str(error)}) from error
