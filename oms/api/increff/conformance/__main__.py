"""`python -m oms.api.increff.conformance BASE_URL ...`: exit code 1 when a promise is not kept."""

import contextlib
import sys
from collections.abc import Iterator

from . import (
    cancelling,
    events,
    leaving,
    limits,
    listings,
    mechanism,
    packing,
    picking,
    returning,
    stock,
)
from .kit import CANCEL, Kit
from .listening import listening
from .options import parse
from .report import write
from .verdicts import Broken, Line, Verdict

CHAPTERS = (
    listings.CHAPTER,
    stock.CHAPTER,
    events.OPENING,
    mechanism.CHAPTER,
    events.CHAPTER,
    cancelling.CHAPTER,
    picking.CHAPTER,
    packing.CHAPTER,
    leaving.CHAPTER,
    returning.CHAPTER,
    events.CLOSING,
    limits.CHAPTER,
)


def main(arguments: list[str] | None = None) -> int:
    """Make every check, print the table, and say whether one failed."""
    options = parse(arguments)
    with contextlib.ExitStack() as stack:
        mailbox = stack.enter_context(listening(options.listen)) if options.listen else None
        kit = Kit.begin(options, mailbox)
        lines = write(_checked(kit))
    return int(any(line.verdict is Verdict.FAIL for line in lines))


def _checked(kit: Kit) -> Iterator[Line]:
    for chapter in CHAPTERS[:-1]:
        yield from chapter.lines(kit)
    _tidy(kit)
    yield from CHAPTERS[-1].lines(kit)


def _tidy(kit: Kit) -> None:
    """No check: what is open is not left lying about. What was packed refuses, and stays."""
    for suborder in kit.suborders.values():
        if suborder.packed is None:
            with contextlib.suppress(Broken, OSError):
                kit.efs.put(CANCEL, kit.cancellation(suborder, dict(suborder.units)))


if __name__ == "__main__":
    sys.exit(main())
