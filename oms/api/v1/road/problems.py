"""Problem details (RFC 9457): every failure of /v1 is one of these."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from oms.api.v1.road.codes import CODES
from oms.kernel import errors as kernel
from oms.kernel.contention import Busy

MEDIA_TYPE = "application/problem+json"
SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one member of the request, by JSON Pointer."""

    pointer: str
    code: str
    detail: str = ""
    extensions: Mapping[str, object] = field(default_factory=dict)

    def body(self) -> dict[str, object]:
        """As it stands in `errors`."""
        return {
            "pointer": self.pointer,
            "code": self.code,
            "detail": self.detail,
            **self.extensions,
        }


class Problem(Exception):
    """An answer that is a failure; `code` is one of CODES, `detail` defaults to its meaning."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str = "",
        *,
        errors: Sequence[FieldError] = (),
        extensions: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = tuple(errors)
        self.extensions = dict(extensions or {})
        self.headers = dict(headers or {})


Extensions = Callable[[Any], Mapping[str, object]]


class Translation(NamedTuple):
    """How a refusal of the core is told.

    With a `pointer` the problem has one entry in `errors`, of `field_code`. `extensions` gets the
    refusal and answers members of the problem. `pointer` may be a function of the refusal.
    """

    status: int
    code: str
    pointer: str | Callable[[Any], str] | None = None
    extensions: Extensions | None = None
    field_code: str = "unknown_value"
    headers: Mapping[str, str] | None = None


Table = Mapping[type[kernel.DomainError], Translation]

_translations: dict[type[kernel.DomainError], Translation] = {
    kernel.DomainError: Translation(409, "invalid_state"),
    kernel.InvalidInput: Translation(422, "validation_failed"),
    kernel.NotFound: Translation(404, "not_found"),
    kernel.Forbidden: Translation(403, "insufficient_scope"),
    kernel.Conflict: Translation(409, "invalid_state"),
    Busy: Translation(503, "service_unavailable", headers={"Retry-After": "1"}),
}


def register(table: Table) -> None:
    """Say how refusals become problems; the nearest ancestor counts."""
    _translations.update(table)


def of_refusal(refusal: kernel.DomainError) -> Problem:
    """The problem a refusal of the core is."""
    known = next(_translations[cls] for cls in type(refusal).__mro__ if cls in _translations)
    detail = _told(refusal)
    errors: list[FieldError] = []
    if known.pointer is not None:
        pointer = known.pointer if isinstance(known.pointer, str) else known.pointer(refusal)
        errors.append(FieldError(pointer, known.field_code, detail))
    return Problem(
        known.status,
        known.code,
        detail,
        errors=errors,
        extensions=known.extensions(refusal) if known.extensions else {},
        headers=known.headers,
    )


def _told(refusal: kernel.DomainError) -> str:
    """Refusals are told in English as they are, in other languages by the meaning of their code."""
    return str(refusal) if (translation.get_language() or "en").startswith("en") else ""


def validation_failed(errors: Sequence[FieldError]) -> Problem:
    """422 for fields that break their rules."""
    return Problem(422, "validation_failed", errors=errors)


def answer(problem: Problem, *, request: HttpRequest, request_id: str) -> HttpResponse:
    """The answer's bytes, in the language that is active."""
    # The frames of its way here know it and the request, and it knows them: a knot of megabytes
    # that only the garbage collector would undo.
    problem.__traceback__ = None
    known = CODES[problem.code]
    body: dict[str, object] = {
        "type": type_uri(problem.code, request),
        "title": str(known.title),
        "status": problem.status,
        "detail": problem.detail or str(known.meaning),
        "instance": request.path,
        "code": problem.code,
        "request_id": request_id,
    }
    if problem.errors:
        body["errors"] = [error.body() for error in problem.errors]
    response = HttpResponse(
        msgspec.json.encode({**body, **problem.extensions}),
        status=problem.status,
        content_type=MEDIA_TYPE,
        headers=problem.headers,
    )
    response.headers["Content-Language"] = translation.get_language() or "en"
    return response


def type_uri(code: str, request: HttpRequest) -> str:
    """Where a code is explained: on the configured host, or on ours."""
    base = settings.OMS_DOCS_URL.rstrip("/") or f"{request.scheme}://{_host(request)}"
    return f"{base}/problems/{code}"


def _host(request: HttpRequest) -> str:
    """The host the client named, if we are known by it; a made-up name is not repeated."""
    try:
        return request.get_host()
    except DisallowedHost:
        return "localhost"
