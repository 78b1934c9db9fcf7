"""A parcel's label as a file, in the format somebody asks for."""

import hashlib
import io
from dataclasses import dataclass
from enum import StrEnum

from fulfillment import queries
from fulfillment.carriers import registry
from fulfillment.carriers.own import zpl
from fulfillment.choices import DocumentStatus
from fulfillment.models import Document, Parcel
from fulfillment.services import label_requests, pdf_pages
from oms.kernel import errors

DPI = 203  # of label printers
_POINTS = 72


class LabelFormat(StrEnum):
    """What a label can be had as, by media type."""

    PDF = "application/pdf"
    ZPL = "application/zpl"
    PNG = "image/png"


class LabelMissing(errors.NotFound):
    """The parcel has no label, and none was asked for."""

    code = "label_missing"


class LabelPending(errors.Conflict):
    """The label is on its way."""

    code = "label_pending"


class LabelFailed(errors.Conflict):
    """The carrier gave no label. `carrier_code` and `carrier_message` are its words."""

    code = "label_failed"

    def __init__(self, document: Document) -> None:
        super().__init__("The carrier gave no label")
        self.carrier_code = document.error_code
        self.carrier_message = document.last_error


class FormatUnavailable(errors.Conflict):
    """The label there is cannot be turned into this format."""

    code = "format_unavailable"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelFile:
    """The bytes, what they are, and their SHA-256 in hex."""

    content: bytes
    media_type: str
    sha256: str


def label_file(*, parcel: Parcel, wanted: LabelFormat) -> LabelFile:
    """The label of a parcel that was loaded with its documents.

    The stored bytes where they are of that format. A PDF can be had as PNG, at the resolution of
    label printers; what we draw ourselves also as ZPL. Both are made when asked for: the same label
    gives the same bytes.

    Raises LabelMissing, LabelPending, LabelFailed, FormatUnavailable, DocumentNotFound.
    """
    document = _ready(parcel)
    stored = document.content.media_type if document.content else ""
    if stored == wanted:
        return _file(queries.label_bytes(document), wanted)
    if wanted == LabelFormat.PNG and stored == LabelFormat.PDF:
        return _file(_drawn(queries.label_bytes(document)), wanted)
    if wanted == LabelFormat.ZPL and document.carrier == registry.OWN:
        return _file(_written(document), wanted)
    raise FormatUnavailable("The label cannot be had in this format", stored=stored)


def _ready(parcel: Parcel) -> Document:
    document = queries.label_of(parcel)
    if document is None:
        raise LabelMissing("The parcel has no label")
    if document.status == DocumentStatus.FAILED:
        raise LabelFailed(document)
    if document.status != DocumentStatus.READY:
        raise LabelPending("The label is on its way")
    return document


def _file(content: bytes, wanted: LabelFormat) -> LabelFile:
    sha256 = hashlib.sha256(content).hexdigest()
    return LabelFile(content=content, media_type=str(wanted), sha256=sha256)


def _drawn(pdf: bytes) -> bytes:
    """The first page as an image."""
    # Late: the library takes 5 MB, and few ask for images.
    import pypdfium2  # noqa: PLC0415 - as said

    with pdf_pages.LOCK:
        document = pypdfium2.PdfDocument(pdf)
        try:
            image = document[0].render(scale=DPI / _POINTS, grayscale=True).to_pil()
            file = io.BytesIO()
            image.save(file, "PNG", dpi=(DPI, DPI))
        finally:
            document.close()
    return file.getvalue()


def _written(document: Document) -> bytes:
    [job] = label_requests.load([document.pk])
    request = label_requests.label_request(job, label_requests.expected_weights([job]))
    return zpl.write_label(
        request, tracking_number=request.tracking_number, carrier=request.carrier
    )
