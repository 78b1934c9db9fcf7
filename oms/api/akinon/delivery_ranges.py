"""When an order is to be delivered: the ends of a `delivery_range`, which is a text of its shop's
own making (contract 11.1, 11.4). Pure.

Read are two instants or two days in whatever brackets and with whatever between them, an object
with `lower` and `upper`, and a day with two clock times. A text without a day has no ends: it is
found as it is written.
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import NamedTuple

_DAY = r"(?P<day>\d{4}-\d{2}-\d{2}|\d{2}\.\d{2}\.\d{4})"
_CLOCK = r"\d{1,2}:\d{2}"
# What follows a clock time without seconds after a blank is its end, never an offset.
_ZONED = r"(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?| \d{2}:\d{2}:\d{2}(?:\.\d+)?)"
_OFFSET = r"(?:Z|[+-]\d{2}(?::?\d{2})?)?"
_INSTANT = re.compile(rf"{_DAY}(?P<time>{_ZONED}{_OFFSET}| {_CLOCK})?")
_CLOCKS = re.compile(rf"(?<![\d:])({_CLOCK})\D+({_CLOCK})(?![\d:])")
_ENDS = ("lower", "upper")


class Span(NamedTuple):
    """From one instant to another, both in UTC where the text names no other offset."""

    begins_at: dt.datetime
    ends_at: dt.datetime


def read(said: object) -> Span | None:
    """The ends of a range; None for what names no day, or ends before it begins."""
    if isinstance(said, Mapping):
        said = " / ".join(str(said.get(end) or "") for end in _ENDS)
    try:
        span = _read(said) if isinstance(said, str) else None
    except ValueError:
        return None
    return span if span and span.begins_at <= span.ends_at else None


def _read(text: str) -> Span | None:
    found = list(_INSTANT.finditer(text))
    if not found:
        return None
    first, last = found[0], found[-1]
    if len(found) == 1 and (clocks := _CLOCKS.search(text, first.end("day"))):
        day = _day(first["day"])
        return Span(_at(day, clocks[1]), _at(day, clocks[2]))
    return Span(_instant(first, is_end=False), _instant(last, is_end=True))


def _instant(found: "re.Match[str]", *, is_end: bool) -> dt.datetime:
    """A day that ends a range belongs to it."""
    day, time = _day(found["day"]), found["time"]
    if not time:
        return _at(day + dt.timedelta(days=1) if is_end else day, "0:00")
    if re.fullmatch(rf" {_CLOCK}", time):
        return _at(day, time.strip())
    at = dt.datetime.fromisoformat(f"{day.isoformat()}T{time[1:]}")
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)


def _day(text: str) -> dt.date:
    if "." in text:
        return dt.datetime.strptime(text, "%d.%m.%Y").replace(tzinfo=dt.UTC).date()
    return dt.date.fromisoformat(text)


def _at(day: dt.date, clock: str) -> dt.datetime:
    hour, minute = (int(part) for part in clock.split(":"))
    begin = dt.datetime.combine(day, dt.time.min, tzinfo=dt.UTC)
    if (hour, minute) == (24, 0):
        return begin + dt.timedelta(days=1)
    return begin.replace(hour=hour, minute=minute)
