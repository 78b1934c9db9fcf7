"""Which of the fonts that need not be embedded can show a text."""

import unicodedata
from functools import cache

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

LATIN = "Helvetica"
BOLD = "Helvetica-Bold"
KOREAN = "HYGothic-Medium"
JAPANESE = "HeiseiKakuGo-W5"
CHINESE = "STSong-Light"

# Letters whose stroke is no accent that could be taken off.
_PLAIN = str.maketrans({"đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "\u0131": "i", "ħ": "h", "ŧ": "t"})


def lettered(text: str, *, bold: bool = False) -> tuple[str, str]:
    """A text that can be printed, and the font that has its letters.

    Latin letters the plain fonts lack lose their accents, which carriers do themselves; Chinese,
    Japanese, Korean, Greek and Cyrillic text is set in the fonts every PDF viewer brings along.
    """
    clean = " ".join(text.split())
    plain = _latin(clean)
    if plain is not None:
        return plain, BOLD if bold else LATIN
    return clean, _registered(_asian(clean))


def _latin(text: str) -> str | None:
    if _fits(text):
        return text
    decomposed = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return bare if _fits(bare) else None


def _fits(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _asian(text: str) -> str:
    if any("\uac00" <= letter <= "\ud7a3" or "\u1100" <= letter <= "\u11ff" for letter in text):
        return KOREAN
    if any("\u3040" <= letter <= "\u30ff" for letter in text):
        return JAPANESE
    return CHINESE


@cache
def _registered(font: str) -> str:
    pdfmetrics.registerFont(UnicodeCIDFont(font))
    return font
