"""Pages of PDF files, by a library that is not safe for threads."""

import io
import threading
from collections.abc import Sequence

LOCK = threading.Lock()  # whoever uses PDFium holds it


def join(files: Sequence[bytes], target: io.BytesIO) -> None:
    """All pages of all files, in order."""
    # Late: the library takes 5 MB, and few ask for it.
    import pypdfium2  # noqa: PLC0415 - as said

    with LOCK:
        joined = pypdfium2.PdfDocument.new()
        try:
            for content in files:
                source = pypdfium2.PdfDocument(content)
                try:
                    joined.import_pages(source)
                finally:
                    source.close()
            joined.save(target)
        finally:
            joined.close()
