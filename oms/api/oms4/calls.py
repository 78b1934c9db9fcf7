"""One call as it came over the wire: the bytes that are signed and read."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import unquote_plus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.request import UnreadablePostError
from rest_framework.exceptions import APIException

from oms.api.base.watching import request_id
from oms.api.oms4.documents import Document, NotJson, decode

MOST_DRAINED = 64 * 1024 * 1024
_CHUNK = 256 * 1024
_SLASHES = re.compile("/{2,}")


class BodyTooLarge(APIException):
    """More than the contract takes."""

    status_code = 413
    default_code = "413"
    default_detail = "body: is larger than 10 MiB"


class BodyBroken(APIException):
    """The client went away while sending."""

    status_code = 400
    default_code = "400"
    default_detail = "body: could not be read"


def new_request_id() -> str:
    """One per request, in every answer and log line about it."""
    return request_id()


@dataclass
class WireCall:
    """A request, read once. `path` is the operation path; `query` is as it stands in the URL."""

    method: str
    path: str
    query: str
    body: bytes
    request_id: str = field(default_factory=new_request_id)

    @cached_property
    def raw_pairs(self) -> list[tuple[str, str]]:
        """The query's pairs, still percent-encoded, in order of appearance."""
        parts = (part.partition("=") for part in self.query.split("&") if part)
        return [(name, value) for name, _, value in parts]

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """The query's pairs, decoded. Raises NotJson for what is not UTF-8."""
        try:
            return [(_decoded(name), _decoded(value)) for name, value in self.raw_pairs]
        except UnicodeDecodeError as exc:
            raise NotJson("query: is not UTF-8") from exc

    @cached_property
    def document(self) -> Document:
        """The body as a JSON object; empty when there is none. Raises NotJson."""
        return decode(self.body)


def _decoded(text: str) -> str:
    return unquote_plus(text, errors="strict")


def operation_path(path: str) -> str:
    """From the first `/rest/` on, with repeated slashes collapsed."""
    flat = _SLASHES.sub("/", path) if "//" in path else path
    return flat[flat.index("/rest/") :]


def read_call(request: HttpRequest) -> WireCall:
    """Read a request. Raises BodyTooLarge and BodyBroken."""
    return WireCall(
        method=request.method or "",
        path=operation_path(request.path_info),
        query=request.META.get("QUERY_STRING", ""),
        body=_body(request),
    )


def _body(request: HttpRequest) -> bytes:
    try:
        if request.META.get("CONTENT_LENGTH"):
            return request.body
        if request.META.get("HTTP_TRANSFER_ENCODING"):
            return _chunked(request)
    except RequestDataTooBig as exc:
        _drain(request.read)
        raise BodyTooLarge from exc
    except (UnreadablePostError, OSError) as exc:
        raise BodyBroken from exc
    return b""


def _chunked(request: HttpRequest) -> bytes:
    """A body without a length, which Django itself takes for empty."""
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
    if not request.META.get("wsgi.input_terminated"):
        return b""
    read = request.META["wsgi.input"].read
    body: bytes = read(most + 1)
    if len(body) > most:
        _drain(read)
        raise BodyTooLarge
    return body


def _drain(read: Callable[[int], bytes]) -> None:
    """Let the client finish sending, within reason: else it may never see the answer."""
    drained = 0
    while drained < MOST_DRAINED and (chunk := read(_CHUNK)):
        drained += len(chunk)
