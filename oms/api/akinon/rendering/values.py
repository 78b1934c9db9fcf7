"""Values as this language writes them (contract 0.3)."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")


def stamp(at: dt.datetime) -> str:
    """`2023-05-17T13:45:55.677011Z`: UTC, always six digits of a second."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def stamp_or_none(at: dt.datetime | None) -> str | None:
    return None if at is None else stamp(at)


def money(amount: Decimal) -> str:
    """Two places, `250.00`."""
    return str(amount.quantize(_CENT, rounding=ROUND_HALF_UP))


def money_or_none(amount: Decimal | None) -> str | None:
    return None if amount is None else money(amount)


def text_or_none(text: str) -> str | None:
    """Nothing told is null here."""
    return text or None
