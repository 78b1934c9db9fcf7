"""Label and invoice of a parcel as one file to print."""

import io

from PIL import Image

from fulfillment import queries
from fulfillment import services as fulfillment
from fulfillment.choices import DocumentKind, DocumentStatus
from fulfillment.models import Document, Parcel
from fulfillment.queries import DocumentNotFound, ParcelNotFound
from fulfillment.services import pdf_pages
from oms.backoffice.desk.work import Work

_DOTS_PER_INCH = 203  # of labels that come as pictures
_PDF = "application/pdf"


def one_file(*, parcel_id: int, work: Work) -> bytes:
    """A PDF of the label and then the invoice of a parcel of this point, as far as there are any.

    What is not drawn yet is drawn now. Raises ParcelNotFound, and DocumentNotFound when there is
    nothing to print.
    """
    seen = Parcel.objects.visible_to(work.actor).live()
    if not seen.filter(pk=parcel_id).exists():
        raise ParcelNotFound("No such parcel", parcel=parcel_id)
    return join(_documents(parcel_id), work=work)


def join(document_ids: list[int], *, work: Work) -> bytes:
    """These documents as one PDF, those that failed left out. Raises DocumentNotFound for none."""
    made = fulfillment.make_papers_now(document_ids=document_ids, now=work.now)
    ready = [each for each in made if each.status == DocumentStatus.READY]
    pages = [content for each in ready if (content := _as_pdf(each)) is not None]
    if not pages:
        raise DocumentNotFound("Nothing that can be printed here is ready")
    paper = io.BytesIO()
    pdf_pages.join(pages, paper)
    return paper.getvalue()


def _documents(parcel_id: int) -> list[int]:
    """The newest live label first, then the invoice."""
    live = Document.objects.exclude(status=DocumentStatus.VOID)
    labels = live.filter(parcel_id=parcel_id, kind=DocumentKind.LABEL).order_by("status", "pk")
    invoices = live.filter(invoice__parcel_id=parcel_id, kind=DocumentKind.INVOICE).order_by("-pk")
    label = labels.values_list("pk", flat=True).last()
    invoice = invoices.values_list("pk", flat=True).first()
    return [each for each in (label, invoice) if each is not None]


def _as_pdf(document: Document) -> bytes | None:
    """A paper as it is, a picture on a page of its size; anything else only its printer knows."""
    content = queries.label_bytes(document)
    media_type = document.content.media_type if document.content else ""
    if media_type == _PDF:
        return content
    if not media_type.startswith("image/"):
        return None
    drawn = io.BytesIO()
    with Image.open(io.BytesIO(content)) as picture:
        picture.convert("RGB").save(drawn, "PDF", resolution=_DOTS_PER_INCH)
    return drawn.getvalue()
