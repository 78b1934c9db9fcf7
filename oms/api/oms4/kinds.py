"""The types of values a member may have (contract section 1.9)."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from oms.api.oms4.reader import UNKNOWN, Kind, Schema, Shape, Values, bad

SECONDS_BELOW = 100_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_MS = 253_370_764_799_999  # the end of the year 9998
_BIGINT = 2**63
_WHOLE = re.compile(r"[+-]?[0-9]{1,20}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{0,30})?([eE][+-]?[0-9]{1,2})?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_CURRENCY = re.compile(r"[A-Za-z]{3}")
_CENT = Decimal("0.0001")
_FLAGS = {"1": True, "0": False, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Text:
    """Text, or a whole number written as one."""

    longest: int
    keeps_empty: bool = True
    shortest: int = 0
    pattern: re.Pattern[str] | None = None
    wanted: str = ""

    def read(self, value: object, path: str) -> str:
        text = _as_text(value, path)
        if len(text) > self.longest:
            raise bad(path, f"is longer than {self.longest} characters")
        if text and len(text) < self.shortest:
            raise bad(path, f"is shorter than {self.shortest} characters")
        if text and self.pattern is not None and not self.pattern.fullmatch(text):
            raise bad(path, self.wanted)
        return text

    def schema(self) -> Schema:
        return {"type": "string", "maxLength": self.longest}


def _as_text(value: object, path: str) -> str:
    if isinstance(value, str):
        if "\0" in value:
            raise bad(path, "holds the character NUL")
        return value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _BIGINT:
        return str(value)
    raise bad(path, "must be text")


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number, also as text, within what the database keeps."""

    least: int = 1 - _BIGINT
    most: int = _BIGINT - 1
    keeps_empty: bool = False

    def read(self, value: object, path: str) -> int:
        number = _as_whole(value, path)
        if number < self.least:
            raise bad(path, f"must be at least {self.least}")
        if number > self.most:
            raise bad(path, f"must be at most {self.most}")
        return number

    def schema(self) -> Schema:
        return {"type": "integer", "format": "int64"}


def _as_whole(value: object, path: str) -> int:
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise bad(path, "must be a whole number")


@dataclass(frozen=True, slots=True)
class Number:
    """A decimal number, also as text, to four places."""

    digits: int = 12
    least: int | None = None
    keeps_empty: bool = False

    def read(self, value: object, path: str) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise bad(path, "must be a number")
        text = str(value).strip()
        if not _NUMBER.fullmatch(text):
            raise bad(path, "must be a number of reasonable size")
        try:
            number = Decimal(text).quantize(_CENT)
        except InvalidOperation:
            raise bad(path, "is too large") from None
        if abs(number) >= 10**self.digits:
            raise bad(path, "is too large")
        if self.least is not None and number < self.least:
            raise bad(path, f"must be at least {self.least}")
        return number

    def schema(self) -> Schema:
        return {"type": "number", "format": "double"}


@dataclass(frozen=True, slots=True)
class Moment:
    """Epoch milliseconds; a value below 100000000000 is read as seconds."""

    keeps_empty: bool = False

    def read(self, value: object, path: str) -> datetime:
        number = _as_whole(value, path)
        if 0 <= number < SECONDS_BELOW:
            number *= 1000
        if not 0 <= number <= _LAST_MS:
            raise bad(path, "is not a time")
        return _EPOCH + timedelta(milliseconds=number)

    def schema(self) -> Schema:
        return {"type": "integer", "format": "int64", "description": "epoch milliseconds"}


@dataclass(frozen=True, slots=True)
class Flag:
    """0/1, true/false, also as text."""

    keeps_empty: bool = False

    def read(self, value: object, path: str) -> bool:
        read = _FLAGS.get(str(value).strip().lower()) if isinstance(value, int | str) else None
        if read is None:
            raise bad(path, "must be 0 or 1")
        return read

    def schema(self) -> Schema:
        return {"type": "integer", "enum": [0, 1]}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the contract's words, in any letter case and with `_` for a blank."""

    words: tuple[str, ...]
    keeps_empty: bool = False

    def read(self, value: object, path: str) -> str:
        if isinstance(value, str):
            asked = value.strip().replace("_", " ").casefold()
            for word in self.words:
                if word.casefold() == asked:
                    return word
        raise bad(path, f"must be one of {', '.join(self.words)}")

    def schema(self) -> Schema:
        return {"type": "string", "enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class Texts:
    """A list of texts; one text alone is a list of one."""

    item: Text | Choice
    most: int | None = None
    keeps_empty: bool = False

    def read(self, value: object, path: str) -> list[str]:
        entries = value if isinstance(value, list) else [value]
        if self.most is not None and len(entries) > self.most:
            raise bad(path, f"holds more than {self.most} entries")
        texts = []
        for place, entry in enumerate(entries):
            text = self.item.read(entry, f"{path}[{place}]")
            if not text.strip():
                raise bad(f"{path}[{place}]", "is empty")
            texts.append(text)
        return texts

    def schema(self) -> Schema:
        described: Schema = {"type": "array", "items": self.item.schema()}
        return described | ({"maxItems": self.most} if self.most else {})


@dataclass(frozen=True, slots=True)
class Objects:
    """A list of objects."""

    item: Kind
    most: int
    keeps_empty: bool = False

    def read(self, value: object, path: str) -> list[Values]:
        if not isinstance(value, list):
            raise bad(path, "must be a list of objects")
        if len(value) > self.most:
            raise bad(path, f"holds more than {self.most} entries")
        return [self.item.read(entry, f"{path}[{place}]") for place, entry in enumerate(value)]

    def schema(self) -> Schema:
        return {"type": "array", "items": self.item.schema(), "maxItems": self.most}


@dataclass(frozen=True, slots=True)
class Kept:
    """An object that is kept as sent; the members the contract names must still be well formed."""

    named: Shape
    keeps_empty: bool = False

    def read(self, value: object, path: str) -> Mapping[str, Any]:
        self.named.read(value, path)
        return value if isinstance(value, dict) else {}

    def schema(self) -> Schema:
        return self.named.schema() | {"additionalProperties": True}


@dataclass(frozen=True, slots=True)
class Free:
    """An object with any members."""

    keeps_empty: bool = False

    def read(self, value: object, path: str) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise bad(path, "must be an object")
        return value

    def schema(self) -> Schema:
        return {"type": "object", "additionalProperties": True}


@dataclass(frozen=True, slots=True)
class Base64:
    """Bytes in base64, with or without line breaks and padding."""

    most: int
    keeps_empty: bool = False

    def read(self, value: object, path: str) -> bytes:
        text = _as_text(value, path)
        if len(text) > self.most * 3 // 2:  # four characters for three bytes, and line breaks
            raise bad(path, f"is larger than {self.most} bytes")
        bare = "".join(text.split()).rstrip("=")
        try:
            content = base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
        except (binascii.Error, ValueError) as exc:
            raise bad(path, "is not base64") from exc
        if len(content) > self.most:
            raise bad(path, f"is larger than {self.most} bytes")
        return content

    def schema(self) -> Schema:
        return {"type": "string", "format": "byte"}


@dataclass(frozen=True, slots=True)
class Open:
    """An object whose unknown members are kept too, under UNKNOWN."""

    named: Shape
    keeps_empty: bool = False

    def read(self, value: object, path: str) -> Values:
        values = self.named.read(value, path)
        extra = self.named.unknown(value) if isinstance(value, dict) else {}
        return values | {UNKNOWN: extra}

    def schema(self) -> Schema:
        return self.named.schema() | {"additionalProperties": True}


ID = Text(128)
CODE = Text(128)
NAME = Text(255)
ADDR = Text(1000)
TEXT = Text(4000)
PHONE = Text(64)
POST = Text(32)
ENUM = Text(64)
URL = Text(2048)
EMAIL = Text(254, pattern=_EMAIL, wanted="is not an e-mail address")
CLOCK = Text(5, pattern=_CLOCK, wanted="must be HH:mm")
CURRENCY = Text(3, pattern=_CURRENCY, wanted="must be three letters")
COUNTRY = Text(64, shortest=2)
TIME = Moment()
FLAG = Flag()
PRICE = Number()
MEASURE = Number(digits=8, least=0)
