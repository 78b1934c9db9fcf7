"""API keys as they are written: `oms_{live|test}_{id}_{secret}{check}` (contract 4.2).

The check is a CRC-32 of everything before it, so that a mistyped or invented key is known for one
without asking anybody. Scanners of source code find keys by PATTERN.
"""

import re
import secrets
import zlib
from dataclasses import dataclass, field

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
PREFIX = "oms_"
ID_LENGTH = 8
SECRET_LENGTH = 43  # of 62 letters each: 256 bits
CHECK_LENGTH = 6
_LETTER = "[0-9A-Za-z]"
PATTERN = (
    rf"oms_(live|test)_({_LETTER}{{{ID_LENGTH}}})"
    rf"_({_LETTER}{{{SECRET_LENGTH}}})({_LETTER}{{{CHECK_LENGTH}}})"
)
_WRITTEN = re.compile(PATTERN)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key, taken apart."""

    is_test: bool
    identifier: str
    secret: str = field(repr=False)

    @property
    def text(self) -> str:
        """The whole key, as its owner has it."""
        mode = "test" if self.is_test else "live"
        head = f"{PREFIX}{mode}_{self.identifier}_{self.secret}"
        return head + check_of(head)


def new_key(*, is_test: bool) -> ApiKey:
    """A key that nobody has."""
    return ApiKey(is_test=is_test, identifier=_letters(ID_LENGTH), secret=_letters(SECRET_LENGTH))


def parse(text: str) -> ApiKey | None:
    """Take a key apart; None when it cannot be one: its form or its check is wrong."""
    written = _WRITTEN.fullmatch(text)
    if written is None or check_of(text[:-CHECK_LENGTH]) != written[4]:
        return None
    return ApiKey(is_test=written[1] == "test", identifier=written[2], secret=written[3])


def check_of(head: str) -> str:
    """CRC-32 (IEEE) in base 62, padded with 0 to six letters."""
    left = zlib.crc32(head.encode("ascii", "replace"))
    letters = ""
    while left:
        left, digit = divmod(left, len(ALPHABET))
        letters = ALPHABET[digit] + letters
    return letters.rjust(CHECK_LENGTH, "0")


def _letters(count: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(count))
