"""Single values as the contract writes them (section 1.9)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_SECOND = timedelta(seconds=1)
_LONGEST_NUMBER = 15


def ms(moment: datetime | None) -> int | None:
    """Epoch milliseconds."""
    return None if moment is None else (moment - _EPOCH) // _MILLISECOND


def seconds(moment: datetime) -> int:
    """Epoch seconds, for the members the contract shows so."""
    return (moment - _EPOCH) // _SECOND


def double(number: Decimal | None) -> float | None:
    """A JSON number with a fraction."""
    return None if number is None else float(number)


def flag(value: bool) -> int:
    """0 or 1."""
    return int(value)


def text(value: str | None) -> str | None:
    """Null for what the client never sent; the columns keep that as empty text."""
    return value or None


def upstream_id(value: str) -> int | str:
    """A number when it is 1 to 15 digits without leading zero, else the text."""
    short = value.isascii() and value.isdigit() and len(value) <= _LONGEST_NUMBER
    return int(value) if short and not value.startswith("0") else value
