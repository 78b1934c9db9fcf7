"""The types of values a member may have (contract sections 1.4 and 1.6)."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from oms.api.increff import errors
from oms.api.increff.reader import NULL, Kind, Problems, Schema

LONGEST = 255
LONGEST_URL = 2048
MOST_UNITS = 2**31 - 1
_BIGINT = 2**63
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{0,18})?")
_WEB = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)
_FLAGS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Text:
    """Text, or a whole number written as one. `longest` None: documents in base64."""

    longest: int | None = LONGEST

    def read(self, value: object, path: str, problems: Problems) -> str | None:
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _BIGINT:
            value = str(value)
        if not isinstance(value, str):
            problems.append((path, "must be text"))
        elif "\0" in value:
            problems.append((path, "holds the character NUL"))
        elif self.longest is not None and len(value) > self.longest:
            problems.append((path, f"size must be between 0 and {self.longest}"))
        else:
            return value
        return None

    def schema(self) -> Schema:
        return {"type": "string"} | ({"maxLength": self.longest} if self.longest else {})


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An address people may follow: http or https."""

    def read(self, value: object, path: str, problems: Problems) -> str | None:
        text = Text(LONGEST_URL).read(value, path, problems)
        if text is not None and not _WEB.fullmatch(text):
            problems.append((path, "must be an http or https address"))
        return text

    def schema(self) -> Schema:
        return {"type": "string", "format": "uri", "maxLength": LONGEST_URL}


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number, also as text. Below `least`: refused."""

    least: int | None = None
    most: int = _BIGINT - 1

    def read(self, value: object, path: str, problems: Problems) -> int | None:
        number = as_number(value)
        if number is None or number != number.to_integral_value():
            problems.append((path, "must be a whole number"))
        elif self.least is not None and number < self.least:
            problems.append((path, f"must be greater than or equal to {self.least}"))
        elif abs(number) > self.most:
            problems.append((path, f"must be less than or equal to {self.most}"))
        else:
            return int(number)
        return None

    def schema(self) -> Schema:
        bounds = {} if self.least is None else {"minimum": self.least}
        return {"type": "integer", "format": "int64"} | bounds


@dataclass(frozen=True, slots=True)
class Number:
    """A number that is not negative, also as text."""

    most: int = 1_000_000_000

    def read(self, value: object, path: str, problems: Problems) -> Decimal | None:
        number = as_number(value)
        if number is None:
            problems.append((path, "must be a number"))
        elif number < 0:
            problems.append((path, "must be greater than or equal to 0"))
        elif number > self.most:
            problems.append((path, f"must be less than or equal to {self.most}"))
        else:
            return number
        return None

    def schema(self) -> Schema:
        return {"type": "number", "format": "double", "minimum": 0}


def as_number(value: object) -> Decimal | None:
    """What a JSON number, or a decimal number as text, says; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    text = format(Decimal(repr(value)), "f") if isinstance(value, float) else str(value).strip()
    return Decimal(text) if _NUMBER.fullmatch(text) else None


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false, also as text."""

    def read(self, value: object, path: str, problems: Problems) -> bool | None:
        said = _FLAGS.get(str(value).strip().lower()) if isinstance(value, bool | str) else None
        if said is None:
            problems.append((path, "must be true or false"))
        return said

    def schema(self) -> Schema:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the contract's words, in any letter case."""

    words: tuple[str, ...]

    def read(self, value: object, path: str, problems: Problems) -> str | None:
        word = value.strip().upper() if isinstance(value, str) else ""
        if word in self.words:
            return word
        problems.append((path, f"must be one of {', '.join(self.words)}"))
        return None

    def schema(self) -> Schema:
        return {"type": "string", "enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class Entries:
    """A list of values of one kind; null is none of them. Too long: `Max N items allowed`."""

    item: Kind
    most: int

    def read(self, value: object, path: str, problems: Problems) -> list[Any]:
        if not isinstance(value, list):
            problems.append((path, "must be an array"))
            return []
        if len(value) > self.most:
            raise errors.too_many_items(self.most)
        read = []
        for place, entry in enumerate(value):
            if entry is None:
                problems.append((f"{path}[{place}]", NULL))
            else:
                read.append(self.item.read(entry, f"{path}[{place}]", problems))
        return read

    def schema(self) -> Schema:
        return {"type": "array", "items": self.item.schema(), "maxItems": self.most}


TEXT = Text()
DOCUMENT = Text(None)
FLAG = Flag()
POSITIVE = Whole(least=1, most=MOST_UNITS)
MEASURE = Number()
