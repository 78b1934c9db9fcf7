"""Many documents as one file, in the order in which they are needed."""

import io
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import F

from fulfillment import queries
from fulfillment.choices import DocumentKind, DocumentStatus
from fulfillment.models import Document, Invoice, Parcel, Picklist
from fulfillment.services import paper_jobs, pdf_pages
from fulfillment.services.dock.picklists import PicklistNotFound
from fulfillment.services.making_papers import make_papers_now
from oms.kernel import errors
from oms.kernel.actors import Actor

MOST_DOCUMENTS = 1000
_PDF = "application/pdf"


class PaperMissing(errors.Conflict):
    """A document failed, is late, or is no PDF. `references` names those."""

    code = "paper_missing"

    def __init__(self, references: Sequence[str]) -> None:
        super().__init__("Some documents cannot be printed", references=list(references))
        self.references = tuple(references)


class TooManyDocuments(errors.InvalidInput):
    """More than MOST_DOCUMENTS at once."""

    code = "too_many_documents"


def print_documents(*, document_ids: Sequence[int], now: datetime) -> bytes:
    """One PDF with all pages of these documents, in this order; what is missing is made first.

    Belongs outside transactions. Raises DocumentNotFound, TooManyDocuments, PaperMissing.
    """
    if len(document_ids) > MOST_DOCUMENTS:
        raise TooManyDocuments(f"At most {MOST_DOCUMENTS} documents go into one file")
    documents = make_papers_now(document_ids=document_ids, now=now)
    if missing := [row.reference for row in documents if not _is_printable(row)]:
        raise PaperMissing(missing)
    joined = io.BytesIO()
    pdf_pages.join([queries.label_bytes(row) for row in documents], joined)
    return joined.getvalue()


def documents_of_picklist(
    *, number: int, kinds: Collection[DocumentKind], actor: Actor, now: datetime
) -> list[int]:
    """Documents of what was packed of a picklist: task after task in the order of picking, and of
    each box in the order of `kinds`. Packing slips are asked for where there are none.

    Raises PicklistNotFound.
    """
    picklist = Picklist.objects.visible_to(actor).filter(number=number).first()
    if picklist is None:
        raise PicklistNotFound("No such picklist", picklist=number)
    boxes = Parcel.objects.live().packed().filter(task__picklist_entries__picklist=picklist)
    placed = boxes.annotate(place=F("task__picklist_entries__position")).order_by("place", "pk")
    return [
        document_id
        for parcel in placed
        for kind in kinds
        if (document_id := _document_of(parcel, kind, now=now)) is not None
    ]


def _document_of(parcel: Parcel, kind: DocumentKind, *, now: datetime) -> int | None:
    if kind == DocumentKind.PACKING_SLIP:
        return paper_jobs.ask_for_paper(kind=kind, of=parcel, now=now).pk
    if kind == DocumentKind.INVOICE:
        invoice = Invoice.objects.live().filter(parcel=parcel).first()
        if invoice is None:
            return None
        return paper_jobs.ask_for_paper(kind=kind, of=invoice, now=now).pk
    live = Document.objects.filter(parcel=parcel, kind=kind).exclude(status=DocumentStatus.VOID)
    return live.order_by("-pk").values_list("pk", flat=True).first()


def _is_printable(document: Document) -> bool:
    content = document.content
    return (
        document.status == DocumentStatus.READY
        and content is not None
        and content.media_type == _PDF
    )
