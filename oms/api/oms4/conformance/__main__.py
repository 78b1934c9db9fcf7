"""`python -m oms.api.oms4.conformance BASE_URL ...`: exit code 1 when a promise is not kept."""

import contextlib
import sys
from collections.abc import Iterator

from . import cancelling, mechanism, orders, packing, parcels, products, pushes, stock, tasks
from .kit import CANCEL_ORDER, Kit
from .listening import listening
from .options import parse
from .report import write
from .verdicts import Broken, Line, Verdict

_CHAPTERS = (
    pushes.GREETING,
    mechanism.OPENING,
    stock.CHAPTER,
    orders.CHAPTER,
    products.CHAPTER,
    tasks.CHAPTER,
    packing.CHAPTER,
    parcels.CHAPTER,
    cancelling.CHAPTER,
    pushes.CHAPTER,
    mechanism.CLOSING,
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
    for chapter in _CHAPTERS:
        yield from chapter.lines(kit)
    for life in kit.lives.values():  # no check: what is open is not left lying about
        if not life.is_over:
            with contextlib.suppress(Broken, OSError):
                kit.shop.post(CANCEL_ORDER, {"order_no": life.order_no})
    with contextlib.suppress(Broken, OSError):
        products.tidy(kit)


if __name__ == "__main__":
    sys.exit(main())
