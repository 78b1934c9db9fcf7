"""Identifiers of the wire: a prefix and 26 characters of Crockford's base 32, as in ULIDs.

They are opaque to clients. Inside are the 128 bits of a UUIDv7, or, for rows without one, 48 bits
of milliseconds and 80 bits of a public number: both sort by time of creation.
"""

import datetime as dt
import re
import uuid

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_DIGIT = {letter: value for value, letter in enumerate(_ALPHABET)}
_LENGTH = 26
_WRITTEN = re.compile(rf"[0-7][{_ALPHABET}]{{{_LENGTH - 1}}}")
_NUMBER_BITS = 80
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MILLISECOND = dt.timedelta(milliseconds=1)


def pattern(prefix: str) -> str:
    """What identifiers with this prefix look like, as a regular expression of JSON Schema."""
    return f"^{prefix}[0-7][0-9A-HJKMNP-TV-Z]{{{_LENGTH - 1}}}$"


def of_uuid(prefix: str, value: uuid.UUID) -> str:
    """`ord_` and the 128 bits of a UUID."""
    return f"{prefix}{_encode(value.int)}"


def uuid_of(prefix: str, text: str) -> uuid.UUID | None:
    """The UUID of a well-formed identifier with this prefix, None for every other text."""
    bits = _decode(prefix, text)
    return None if bits is None else uuid.UUID(int=bits)


def of_number(prefix: str, number: int, at: dt.datetime) -> str:
    """`oli_`, 48 bits of the milliseconds of `at`, and 80 bits of a number."""
    milliseconds = (at - _EPOCH) // _MILLISECOND
    return f"{prefix}{_encode(milliseconds << _NUMBER_BITS | number)}"


def number_of(prefix: str, text: str) -> int | None:
    """The number in a well-formed identifier, None for every other text.

    The time in it is not looked at: the caller renders what it found and compares the texts.
    """
    bits = _decode(prefix, text)
    if bits is None:
        return None
    number = bits & (1 << _NUMBER_BITS) - 1
    return number if number < 1 << 63 else None


def moment_of(value: uuid.UUID) -> dt.datetime:
    """When a UUIDv7 was made, to the millisecond."""
    return _EPOCH + (value.int >> _NUMBER_BITS) * _MILLISECOND


def _encode(bits: int) -> str:
    letters = []
    for _ in range(_LENGTH):
        bits, digit = divmod(bits, 32)
        letters.append(_ALPHABET[digit])
    return "".join(reversed(letters))


def _decode(prefix: str, text: str) -> int | None:
    written = text.removeprefix(prefix)
    if not text.startswith(prefix) or not _WRITTEN.fullmatch(written):
        return None
    bits = 0
    for letter in written:
        bits = bits << 5 | _DIGIT[letter]
    return bits
