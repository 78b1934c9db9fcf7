"""Documents for whoever has their address (see `fulfillment.services.public_url`)."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils import timezone
from django.views.decorators.http import require_safe

from fulfillment import queries, services
from oms.kernel import walls


@require_safe
def public_file(request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001 (Django's)
    """The document; what is wrong with an address that opens none is nobody's business."""
    walls.outside()  # the address names the document, not whose it is
    try:
        document = services.document_of_token(token, now=timezone.now())
        content = queries.label_bytes(document)
    except queries.DocumentNotFound:
        return HttpResponseNotFound("Not found\n", content_type="text/plain")
    media_type = document.content.media_type if document.content else ""
    return HttpResponse(
        content,
        content_type=media_type,
        headers={
            "Content-Disposition": "inline",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, max-age=3600",
            "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex",
        },
    )
