"""What a warehouse checks about a label, and what it remembers of each."""

import base64
import binascii
import hashlib
import threading
from collections.abc import Mapping
from types import MappingProxyType

from demo.messages import LabelledParcel

PDF_HEAD = b"%PDF-"
PDF_TAIL = b"%%EOF"
TAIL_BYTES = 64


class BadLabelError(Exception):
    """What came as a label cannot be printed."""


def read_pdf(label: str) -> bytes:
    """The PDF inside the base64; BadLabelError when it is none."""
    try:
        document = base64.b64decode(label, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadLabelError(f"not base64: {error}") from error
    if not document.startswith(PDF_HEAD) or PDF_TAIL not in document[-TAIL_BYTES:]:
        raise BadLabelError(f"not a PDF: {document[:16]!r}")
    return document


def _printable(parcel: LabelledParcel) -> bytes:
    """The label and the tracking number it must come with, as what has to stay the same."""
    document = read_pdf(parcel.shipping_label or "")
    if not parcel.tracking_no:
        raise BadLabelError("a label without a tracking number")
    return document + parcel.tracking_no.encode()


class LabelBook:
    """The digest of every label that was read, by parcel; tells when one changed."""

    def __init__(self) -> None:
        self._digests: dict[int, str] = {}
        self._lock = threading.Lock()
        self.problems: list[str] = []

    def enter(self, parcel: LabelledParcel) -> bool:
        """Check and remember the label of a parcel; whether it can be printed."""
        try:
            document = _printable(parcel)
        except BadLabelError as error:
            with self._lock:
                self.problems.append(f"parcel {parcel.parcel_id}: {error}")
            return False
        digest = hashlib.sha256(document).hexdigest()
        with self._lock:
            if self._digests.setdefault(parcel.parcel_id, digest) != digest:
                self.problems.append(f"parcel {parcel.parcel_id}: the label changed")
        return True

    @property
    def digests(self) -> Mapping[int, str]:
        return MappingProxyType(self._digests)

    def __len__(self) -> int:
        return len(self._digests)
