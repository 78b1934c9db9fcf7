"""Identifiers: time-ordered UUIDs, and numbers that people and contracts see."""

import secrets
import time
import uuid

from django.db.models import Func, Value


def uuid7() -> uuid.UUID:
    """A UUID that sorts by time of creation (RFC 9562, version 7), known before the insert."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (2**48 - 1)) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


class NextNumber(Func):
    """`nextval` of a sequence as a database default: public integers below 2^53."""

    function = "nextval"

    def __init__(self, sequence: str) -> None:
        super().__init__(Value(sequence))


class PrefixedNumber(Func):
    """A number people read, such as FT0000000017, drawn from a sequence by the database."""

    template = "%(prefix)s || lpad(nextval(%(expressions)s)::text, 10, '0')"

    def __init__(self, prefix: str, sequence: str) -> None:
        super().__init__(Value(sequence), prefix=f"'{prefix}'")
