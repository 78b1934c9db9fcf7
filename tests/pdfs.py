"""What a PDF says."""

import io
import unicodedata

from pypdf import PdfReader


def text_of(content: bytes) -> str:
    """All its text, page after page."""
    pages = PdfReader(io.BytesIO(content)).pages
    return unicodedata.normalize("NFC", "\n".join(page.extract_text() for page in pages))


def page_count(content: bytes) -> int:
    return len(PdfReader(io.BytesIO(content)).pages)
