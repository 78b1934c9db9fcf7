"""Bytes on file, named by what they are."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.core.files.storage import default_storage

from oms.kernel import errors

MOST_BYTES = 5 * 1024 * 1024
_ENDINGS = {
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
    "application/zpl": "zpl",
}
_LOOKED_AT = 1024  # a document says what it is within its first bytes


class DocumentKindUnknown(errors.InvalidInput):
    """The bytes are no PDF, PNG, JPEG or ZPL."""

    code = "document_kind_unknown"


class DocumentTooLarge(errors.InvalidInput):
    """The document has more than MOST_BYTES."""

    code = "document_too_large"


def media_type_of(content: bytes) -> str:
    """What a document is, by its bytes and nobody's word. Raises DocumentKindUnknown."""
    start = content[:_LOOKED_AT].lstrip(b"\xef\xbb\xbf\0\t\r\n ")
    if start.startswith(b"%PDF-"):
        return "application/pdf"
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if start.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if start.startswith((b"^", b"~")) and b"^XA" in content.upper():
        return "application/zpl"
    raise DocumentKindUnknown("The document is no PDF, PNG, JPEG or ZPL")


def check_document(content: bytes) -> str:
    """The media type of a document somebody hands over.

    Raises DocumentTooLarge, DocumentKindUnknown.
    """
    if len(content) > MOST_BYTES:
        raise DocumentTooLarge(f"The document has more than {MOST_BYTES} bytes")
    return media_type_of(content)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBytes:
    """Where a content lies. The name follows from the bytes, so it never changes."""

    sha256: str
    name: str
    media_type: str
    size: int


def store_content(content: bytes, *, media_type: str) -> StoredBytes:
    """Put bytes on file, once, and durably: what a document points at survives a power cut.

    Written aside and renamed, so that nobody reads half a file; present content is never touched.
    Call it outside transactions.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    ending = _ENDINGS.get(media_type, "bin")
    name = f"{sha256[:2]}/{sha256[2:4]}/{sha256}.{ending}"
    if not default_storage.exists(name):
        _write(Path(default_storage.path(name)), content)
    return StoredBytes(sha256=sha256, name=name, media_type=media_type, size=len(content))


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _sync(directory: Path) -> None:
    """Make the new name itself durable."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
