"""When points work: on their own clocks, by weekday, less the days they are closed."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

Hours = Mapping[str, Sequence[Sequence[str]]]

_DAYS_AHEAD = 14  # a point that is closed for longer is looked at again when routing tries anyway
_MIDNIGHT = "24:00"
_SPAN = 2


@dataclass(frozen=True, slots=True)
class Closed:
    """The point does not work now; `until` is when it does again, if that is soon."""

    until: dt.datetime | None


def closed_at(
    now: dt.datetime, *, hours: Hours, closed_days: Collection[dt.date], zone: str
) -> Closed | None:
    """None while the point works; else until when it does not, on its own clock."""
    here = now.astimezone(_zone(zone))
    for ahead in range(_DAYS_AHEAD):
        day = here.date() + dt.timedelta(days=ahead)
        if day in closed_days:
            continue
        for opens, closes in _spans(hours, day, here.tzinfo):
            if opens <= here < closes:
                return None
            if opens > here:
                return Closed(opens)
    return Closed(None)


def problems(hours: object) -> list[str]:
    """What is wrong with a week's hours; nothing: they can be kept."""
    if not isinstance(hours, dict):
        return ["must name weekdays"]
    found = []
    for day, spans in hours.items():
        if day not in {"1", "2", "3", "4", "5", "6", "7"}:
            found.append(f"{day}: weekdays are 1 (Monday) to 7")
        elif not isinstance(spans, list) or not all(map(_is_span, spans)):
            found.append(f'{day}: must list spans such as ["09:00", "18:00"]')
    return found


def _is_span(span: object) -> bool:
    if not isinstance(span, list) or len(span) != _SPAN or not all(map(_is_time, span)):
        return False
    return str(span[0]) < str(span[1])


def _is_time(text: object) -> bool:
    if not isinstance(text, str) or len(text) != len(_MIDNIGHT):
        return False
    try:
        return text == _MIDNIGHT or bool(dt.time.fromisoformat(text) is not None)
    except ValueError:
        return False


def _spans(
    hours: Hours, day: dt.date, zone: dt.tzinfo | None
) -> list[tuple[dt.datetime, dt.datetime]]:
    return [
        (_moment(day, opens, zone), _moment(day, closes, zone))
        for opens, closes in sorted(map(tuple, hours.get(str(day.isoweekday()), ())))
    ]


def _moment(day: dt.date, text: str, zone: dt.tzinfo | None) -> dt.datetime:
    if text == _MIDNIGHT:
        return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=zone)
    return dt.datetime.combine(day, dt.time.fromisoformat(text), tzinfo=zone)


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError):
        return ZoneInfo("UTC")
