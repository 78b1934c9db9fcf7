"""Values as pushes have them (contract 1.4 and 1.6)."""

import datetime as dt
from decimal import Decimal

from oms.api.increff.kinds import LONGEST
from oms.api.increff.settings import EventDateStyle


def zoned(moment: dt.datetime) -> str:
    """`2020-10-16T20:22:28Z[UTC]`."""
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S}Z[UTC]"


def offset(moment: dt.datetime) -> str:
    """`2020-10-16T20:22:28.000+00:00`."""
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds")


def in_style(moment: dt.datetime, style: EventDateStyle) -> str:
    """An instant of an order event, as the client has it set."""
    return zoned(moment) if style == EventDateStyle.ZONED else offset(moment)


def text(value: str | None) -> str | None:
    """Text of at most 255 characters; what nobody told is null."""
    return value[:LONGEST] if value else None


def some_text(value: str | None) -> str:
    """Text that has to be there: empty rather than null."""
    return (value or "")[:LONGEST]


def money(value: Decimal | None) -> float | None:
    """An amount as the wire has it."""
    return None if value is None else float(value)
