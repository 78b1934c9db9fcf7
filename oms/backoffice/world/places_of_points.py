"""Where points are and when they work, as a world file says it."""

import datetime as dt
import re
from decimal import Decimal

from yaml import Node

from oms.backoffice.world import nodes
from oms.backoffice.world.places import Place, WorldRefused
from oms.locations import calendars

_MILLIONTH = Decimal("0.000001")


def degrees(node: Node, at: Place) -> object:
    """A latitude or longitude, to six places."""
    value = nodes.literal(node, at)
    if not re.fullmatch(r"-?\d{1,3}(\.\d+)?", value):
        raise WorldRefused(at, f"`{value}` is no number of degrees")
    return Decimal(value).quantize(_MILLIONTH)


def calendar(node: Node, at: Place) -> object:
    """Hours by weekday, and days that are closed."""
    value = nodes.plain(node, at)
    if not isinstance(value, dict) or set(value) - {"hours", "closed_days"}:
        raise WorldRefused(at, "holds `hours` and `closed_days`")
    hours = value.get("hours") or {}
    for problem in calendars.problems(hours):
        raise WorldRefused(at, f"hours: {problem}")
    days = [_day(each, at) for each in value.get("closed_days") or ()]
    return {"hours": hours, "closed_days": days}


def _day(value: object, at: Place) -> str:
    try:
        return dt.date.fromisoformat(str(value)).isoformat()
    except ValueError as exc:
        raise WorldRefused(at, f"closed_days: `{value}` is no date") from exc
