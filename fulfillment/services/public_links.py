"""Addresses that open a document for whoever has them, for some days."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer

from fulfillment.choices import DocumentStatus
from fulfillment.models import Document
from fulfillment.queries import DocumentNotFound
from fulfillment.services.making_papers import make_papers_now

OPEN_FOR = timedelta(days=7)
PATH = "/files/"
_SALT = "fulfillment.public_links"


def public_url(document: Document, *, now: datetime) -> str:
    """Where a plain GET opens the document, for at least OPEN_FOR from now.

    The same address for all of a period of that length, so that an answer given again is the same.
    An absolute URL where OMS_PUBLIC_URL is set, else a path on this host.
    """
    return f"{settings.OMS_PUBLIC_URL}{PATH}{_token(document, now=now)}.pdf"


def document_of_token(token: str, *, now: datetime) -> Document:
    """The document an address was made for, with its content; drawn now if nobody did.

    Raises DocumentNotFound: also when the time is over, or the document was voided or failed.
    """
    try:
        document_id, until = Signer(salt=_SALT, sep="~").unsign(token).split("-")
    except (BadSignature, ValueError) as exc:
        raise DocumentNotFound("No such document") from exc
    if datetime.fromtimestamp(int(until), UTC) <= now:
        raise DocumentNotFound("No such document")
    [document] = make_papers_now(document_ids=[int(document_id)], now=now)
    if document.status != DocumentStatus.READY:
        raise DocumentNotFound("No such document")
    return document


def _token(document: Document, *, now: datetime) -> str:
    periods = max((now - document.created_at) // OPEN_FOR, 0)
    until = document.created_at + OPEN_FOR * (periods + 2)
    return Signer(salt=_SALT, sep="~").sign(f"{document.pk}-{int(until.timestamp()) + 1}")
