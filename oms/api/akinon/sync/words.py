"""Reading what the other side writes: keys or objects, instants with blanks, states as words."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from oms.kernel import errors

Row = Mapping[str, Any]

STATUS_WORDS: Mapping[str, int] = {
    "cancellation_waiting": 50,
    "canceled": 100,
    "cancelled": 100,
    "waiting": 200,
    "payment_waiting": 300,
    "confirmation_waiting": 350,
    "approved": 400,
    "inactive": 425,
    "preparing": 450,
    "shipped": 500,
    "shipped_and_informed": 510,
    "ready_for_pickup": 520,
    "attempted_delivery": 540,
    "review_started": 544,
    "review_waiting": 545,
    "delivered": 550,
    "refunded": 600,
}


class DocumentUnreadable(errors.InvalidInput):
    """A member that is needed is missing or cannot be read. Names the member only."""

    code = "document_unreadable"


def key_of(value: object) -> str:
    """The key of something that is told as a key or as an object; empty where nothing is told."""
    if isinstance(value, dict):
        value = value.get("pk", value.get("id"))
    if value is None or isinstance(value, bool):
        return ""
    return str(value).strip()


def object_of(value: object) -> Row | None:
    """The object, where it is told as one."""
    return value if isinstance(value, dict) else None


def instant(value: object, member: str) -> dt.datetime:
    """An instant; blanks in it mean nothing. Raises DocumentUnreadable."""
    try:
        said = dt.datetime.fromisoformat("".join(str(value).split()))
    except ValueError:
        raise DocumentUnreadable(f"{member} is not a time", member=member) from None
    return said if said.tzinfo else said.replace(tzinfo=dt.UTC)


def written(at: dt.datetime) -> str:
    """An instant as the other side writes it: UTC, microseconds, Z."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def status(value: object) -> int | None:
    """The number of a state, told as digits or as a word; None for one nobody knows."""
    if isinstance(value, dict):
        value = value.get("enum_value")
    word = str(value).strip().lower()
    if word.isascii() and word.isdigit():
        return int(word)
    return STATUS_WORDS.get(word)


def amount(value: object, member: str) -> Decimal | None:
    """A decimal; None where nothing is told. Raises DocumentUnreadable."""
    if value is None or value == "":
        return None
    try:
        said = Decimal(str(value))
    except InvalidOperation:
        said = Decimal("NaN")
    if not said.is_finite():
        raise DocumentUnreadable(f"{member} is not an amount", member=member)
    return said


def text(value: object, longest: int) -> str:
    """Some text, cut to what can be kept; empty where nothing is told."""
    return "" if value is None else str(value).strip()[:longest]


def at_path(row: object, path: str) -> object:
    """What is at a dotted path; None where the path ends early."""
    for name in path.split("."):
        if not isinstance(row, dict):
            return None
        row = row.get(name)
    return row
