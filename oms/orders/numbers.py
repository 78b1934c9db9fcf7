"""Our own order numbers, as people read and type them."""

import re

_WRITTEN = re.compile(r"NH-?([0-9]{1,15})", re.IGNORECASE)


def shown(number: int) -> str:
    """`NH-00001234`."""
    return f"NH-{number:08d}"


def read(text: str) -> int | None:
    """The number somebody typed, with or without its leading zeros; None for any other text."""
    written = _WRITTEN.fullmatch(text.strip())
    return int(written[1]) if written else None
