"""The bytes of a request, within a limit."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest


def body_of(request: HttpRequest, *, most: int) -> bytes:
    """The raw body, with or without a Content-Length. Longer than `most`: RequestDataTooBig."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length:
        return _streamed(request, most=most)
    if not length.isdigit() or int(length) > most:
        raise RequestDataTooBig
    return request.body


def _streamed(request: HttpRequest, *, most: int) -> bytes:
    """Django takes a body without Content-Length for empty, so this reads what the server has."""
    if "chunked" not in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
        return request.body
    kept = vars(request)
    if "oms_body" not in kept:
        kept["oms_body"] = request.META["wsgi.input"].read(most + 1)
    body: bytes = kept["oms_body"]
    if len(body) > most:
        raise RequestDataTooBig
    return body
