"""Numbers, money, times and bar codes as papers show them."""

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from oms.kernel.currencies import minor_digits

LANGUAGES = ("en", "vi")


def shown_money(amount: Decimal, currency: str, language: str) -> str:
    """`1,234.50`, or `1.234.500` where commas are decimal; never the currency's name."""
    return shown_number(rounded(amount, currency), language)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """To the smallest unit of the currency; halves go up."""
    return amount.quantize(Decimal(1).scaleb(-minor_digits(currency)), ROUND_HALF_UP)


def shown_number(number: Decimal | int, language: str) -> str:
    """With the separators of the language."""
    text = f"{number:,f}" if isinstance(number, Decimal) else f"{number:,}"
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text


def shown_rate(rate: Decimal, language: str) -> str:
    """`8%`, `7.5%`."""
    return f"{shown_number(rate.normalize(), language)}%"


def shown_time(at: datetime, zone: str, language: str) -> str:
    """In the time of a place: `2026-01-15 19:00`, or `15/01/2026 19:00`."""
    pattern = "%d/%m/%Y %H:%M" if language == "vi" else "%Y-%m-%d %H:%M"
    return at.astimezone(ZoneInfo(zone)).strftime(pattern)


def bars(text: str) -> Sequence[int]:
    """A text as Code 128: widths of bar, space, bar, ... in modules."""
    # Late: only who draws needs it, and the drawing library takes 9 MB.
    from reportlab.graphics.barcode.code128 import Code128  # noqa: PLC0415 - as said

    symbol = Code128(text, barWidth=1.0, quiet=0)
    for step in (symbol.validate, symbol.encode, symbol.decompose):
        step()
    return [ord(letter.upper()) - ord("A") + 1 for letter in symbol.decomposed]
