"""Documents for answers: made by now or refused, by address or as bytes (contract API 7).

An address opens without headers of ours for at least a week, and is the same all week long, so
that an answer given again is the same.
"""

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils import timezone
from django.views.decorators.http import require_safe

from fulfillment import services as fulfillment
from fulfillment.choices import DocumentStatus
from fulfillment.models import Document
from fulfillment.queries import DocumentNotFound, label_bytes
from oms.api.increff import errors
from oms.api.increff.rendering.papers import Paper
from oms.api.increff.settings import DocumentMode
from oms.kernel import walls

PATIENCE = 45.0  # seconds that a call waits for its documents
OPEN_FOR = dt.timedelta(days=7)
JOINED = "/files/joined/"
_SALT = "increff.joined"


def made(
    wanted: Sequence[Document], *, now: dt.datetime, patience: float = PATIENCE
) -> list[Document]:
    """Documents as they are once none is under way, or after so many seconds."""
    if all(each.status != DocumentStatus.PENDING for each in wanted):
        return list(wanted)
    keys = [each.pk for each in wanted]
    return fulfillment.make_papers_now(document_ids=keys, now=now, patience=patience)


def check(document: Document) -> None:
    """Whether a document can be handed over: 503 when it is late, 500 when nobody can make it."""
    if document.status == DocumentStatus.PENDING:
        raise errors.not_ready("A document is not ready yet; repeat the call")
    if document.status != DocumentStatus.READY:
        raise errors.Refused(500, errors.UNKNOWN_ERROR, "A document cannot be made")


def ready(wanted: Sequence[Document], *, now: dt.datetime) -> list[Document]:
    """Documents that can be handed over now, see `check`."""
    found = made(wanted, now=now)
    for each in found:
        check(each)
    return found


def paper(document: Document, mode: DocumentMode, *, host: str, now: dt.datetime) -> Paper:
    """A ready document as a client takes it. `host` is where it called us: `https://oms.example`.

    Used where no address of ours is set.
    """
    return Paper(
        url=address(document, host=host, now=now) if mode.has_url else None,
        content=label_bytes(document) if mode.has_content else None,
    )


def address(document: Document, *, host: str, now: dt.datetime) -> str:
    """Where a document opens."""
    return _absolute(fulfillment.public_url(document, now=now), host)


def joined_address(documents: Sequence[Document], *, host: str, now: dt.datetime) -> str:
    """Where these documents open as one, in this order."""
    last = documents[-1]
    weeks = max((now - last.created_at) // OPEN_FOR, 0) + 2
    until = int((last.created_at + weeks * OPEN_FOR).timestamp()) + 1
    keys = ".".join(str(each.pk) for each in documents)
    token = Signer(salt=_SALT, sep="~").sign(f"{keys}-{until}")
    return _absolute(f"{settings.OMS_PUBLIC_URL}{JOINED}{token}.pdf", host)


def _absolute(address: str, host: str) -> str:
    return address if "://" in address else f"{host}{address}"


@require_safe
def joined_file(_request: HttpRequest, token: str) -> HttpResponse:
    """Several documents as one file, for whoever has its address."""
    walls.outside()  # the address names the documents, not whose they are
    now = timezone.now()
    try:
        keys = _keys_of(token, now=now)
        content = fulfillment.print_documents(document_ids=keys, now=now)
    except (DocumentNotFound, fulfillment.PaperMissing):
        return HttpResponseNotFound("Not found\n", content_type="text/plain")
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": "inline",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, max-age=3600",
            "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex",
        },
    )


def _keys_of(token: str, *, now: dt.datetime) -> list[int]:
    """The documents of an address. Raises DocumentNotFound, also when its time is over."""
    try:
        keys, until = Signer(salt=_SALT, sep="~").unsign(token).split("-")
    except (BadSignature, ValueError) as error:
        raise DocumentNotFound("No such documents") from error
    if int(until) <= now.timestamp():
        raise DocumentNotFound("No such documents")
    return [int(key) for key in keys.split(".")]
