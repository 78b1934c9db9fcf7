"""Reading single values of a row. What cannot be read raises Unreadable with the reason."""

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from oms.backoffice.imports.base import Row

_LARGEST = 2**31 - 1
_HIGHEST = Decimal(10) ** 12
_PLACES = -4


class Unreadable(Exception):
    """A value is not what its column should hold."""


def text(row: Row, column: str, longest: int, *, required: bool = False) -> str:
    """A text, as long as it fits."""
    value = row[column]
    if "\x00" in value:
        raise Unreadable(f"{column} holds a zero character")
    if len(value) > longest:
        raise Unreadable(f"{column} is longer than {longest} characters")
    if required and not value:
        raise Unreadable(f"{column} is empty")
    return value


def integer(row: Row, column: str) -> int:
    """A whole number, maybe negative."""
    value = row[column]
    if not re.fullmatch(r"-?\d{1,10}", value) or abs(int(value)) > _LARGEST:
        raise Unreadable(f"{column} is not a whole number: {value!r}")
    return int(value)


def price(row: Row, column: str) -> Decimal:
    """An amount with at most four decimal places."""
    try:
        value = Decimal(row[column])
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) >= _HIGHEST:
        raise Unreadable(f"{column} is not an amount: {row[column]!r}")
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < _PLACES:
        raise Unreadable(f"{column} has more than four decimal places")
    return value


def moment(row: Row, column: str, zone: ZoneInfo) -> datetime:
    """An ISO date-time; without an offset it is the time of `zone`."""
    try:
        value = datetime.fromisoformat(row[column])
    except ValueError as exc:
        raise Unreadable(f"{column} is not a date-time: {row[column]!r}") from exc
    return value if value.tzinfo else value.replace(tzinfo=zone)
