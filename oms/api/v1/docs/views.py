"""Pages for people, and the document for machines. Nobody has to authenticate for them."""

import functools
import hashlib
from collections.abc import Callable
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.template.response import TemplateResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from oms.api.v1.docs.document import schema_document
from oms.api.v1.road import calls
from oms.api.v1.road.codes import CODES

# Swagger UI sets style attributes; scripts are files of ours only.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " connect-src 'self'; font-src 'self'; form-action 'none'; frame-ancestors 'none';"
    " base-uri 'none'"
)
View = Callable[..., HttpResponse]


def _page(view: View) -> View:
    """A page in the reader's language, with the headers pages have."""

    @require_safe
    @functools.wraps(view)
    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        language = calls.language_of(request)
        with translation.override(language):
            response = view(request, **kwargs)
            if isinstance(response, TemplateResponse):
                response.render()
        response.headers["Content-Language"] = language
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return answer


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document, made once; with an ETag, so that asking again costs nothing."""
    body, tag = _document()
    headers = {"ETag": tag, "Cache-Control": "max-age=300", "Access-Control-Allow-Origin": "*"}
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers=headers)
    return HttpResponse(body, content_type="application/json", headers=headers)


@_page
def docs(request: HttpRequest) -> HttpResponse:
    """The document as an interactive page, of our own files only."""
    return TemplateResponse(request, "v1/docs.html")


@_page
def problems(request: HttpRequest) -> HttpResponse:
    """All codes."""
    return TemplateResponse(request, "v1/problems.html", {"codes": CODES.values()})


@_page
def problem(request: HttpRequest, code: str) -> HttpResponse:
    """What one code means, and what to do about it."""
    known = CODES.get(code)
    status = 404 if known is None else 200
    return TemplateResponse(request, "v1/problem.html", {"code": known}, status=status)


@functools.cache
def _document() -> tuple[bytes, str]:
    body = msgspec.json.encode(schema_document())
    return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'
