"""From any exception to the bodies of contract 0.3, and the refusals views raise themselves.

Three shapes: what is wrong with fields or with the whole object (400), anything else by `detail`,
and rules of the service layer (406) as a stable code with a text per language. A refusal of a
service that concerns a field carries `field` in its details.
"""

import logging
from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

import msgspec
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from rest_framework import exceptions as drf

from oms.api.base.errors import Answer, answer_for
from oms.kernel import errors
from oms.kernel.contention import Busy

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/json"
WHOLE = "non_field_errors"
_RETRY_SOON = {"Retry-After": "1"}

TABLE: dict[type[errors.DomainError], Answer] = {
    errors.DomainError: Answer(406, ""),
    errors.InvalidInput: Answer(400, ""),
    errors.NotFound: Answer(404, ""),
    errors.Forbidden: Answer(403, ""),
    errors.Conflict: Answer(406, ""),
    Busy: Answer(503, ""),
}


class Refused(Exception):
    """An answer that is decided in this language."""

    def __init__(
        self, status: int, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{status} {body.get('code', '')}")
        self.status = status
        self.body = dict(body)
        self.headers = dict(headers or {})


def invalid_fields(fields: Mapping[str, Sequence[str] | str], *, code: str = "invalid") -> Refused:
    """400: what is wrong with each field, never its value."""
    told = {name: [said] if isinstance(said, str) else list(said) for name, said in fields.items()}
    return Refused(400, {**told, "code": code})


def invalid(text: str, *, code: str = "invalid") -> Refused:
    """400: the object as a whole is wrong."""
    return invalid_fields({WHOLE: text}, code=code)


def detail(
    status: int, text: str, *, code: str, headers: Mapping[str, str] | None = None
) -> Refused:
    """Anything that is not about the body's fields."""
    return Refused(status, {"detail": text, "code": code}, headers=headers)


def rule(text: str, *, code: str, **more: Any) -> Refused:
    """406: a rule of the service layer, with a stable code and a text per language."""
    return Refused(406, {"code": code, "en": text, **more})


def not_found() -> Refused:
    """404, also for what is somebody else's."""
    return detail(404, "Not found.", code="not_found")


def handle(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """Answer every exception; the handler of all views of this language."""
    refused = refused_of(error, allowed=context["view"].allowed_methods)
    if refused is None:
        logger.error("An Akinon call failed", exc_info=error)
        refused = detail(500, "Unexpected failure; repeat the call", code="error")
    return answer(refused.body, status=refused.status, headers=refused.headers)


def answer(
    data: Any, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """JSON."""
    content = msgspec.json.encode(data)
    sent = {"Content-Type": CONTENT_TYPE, "Content-Length": str(len(content)), **(headers or {})}
    return HttpResponse(content, status=status, headers=sent)


def refused_of(error: Exception, *, allowed: list[str]) -> Refused | None:
    """What an exception means to the caller; None for a fault of ours."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, errors.DomainError):
        return of_core(error)
    if isinstance(error, Http404):
        return not_found()
    if isinstance(error, drf.APIException):
        return _of_framework(error, allowed)
    return _of_machinery(error)


def of_core(refusal: errors.DomainError) -> Refused:
    """A refusal of a service, by its family."""
    status = answer_for(TABLE, refusal).status
    if isinstance(refusal, Busy):
        return detail(status, str(refusal), code=refusal.code, headers=_RETRY_SOON)
    if status == 406:  # noqa: PLR2004 - HTTP
        return rule(str(refusal), code=refusal.code)
    if status == 400:  # noqa: PLR2004 - HTTP
        told = refusal.details.get("errors")
        field = str(refusal.details.get("field") or WHOLE)
        said = [str(each) for each in told] if isinstance(told, list | tuple) else str(refusal)
        return invalid_fields({field: said}, code=refusal.code)
    return detail(status, str(refusal), code=refusal.code)


def _of_framework(error: drf.APIException, allowed: list[str]) -> Refused | None:
    if isinstance(error, drf.Throttled):
        wait = max(1, ceil(getattr(error, "wait", None) or 1))
        return detail(
            429, "Request was throttled.", code="throttled", headers={"Retry-After": str(wait)}
        )
    if isinstance(error, drf.NotAuthenticated | drf.AuthenticationFailed):
        return detail(401, "Invalid token.", code="authentication_failed", headers=_CHALLENGE)
    if isinstance(error, drf.PermissionDenied):
        return detail(403, str(error.detail), code="permission_denied")
    if isinstance(error, drf.MethodNotAllowed):
        return detail(
            405,
            "Method not allowed.",
            code="method_not_allowed",
            headers={"Allow": ", ".join(allowed)},
        )
    return None


_CHALLENGE = {"WWW-Authenticate": "Token"}


def _of_machinery(error: Exception) -> Refused | None:
    if isinstance(error, RequestDataTooBig):
        return detail(
            413,
            "The body is too large.",
            code="too_large",
            headers={"Connection": "close"},  # the rest of the body is left unread
        )
    if isinstance(error, SuspiciousOperation):
        return detail(400, "The request cannot be read.", code="parse_error")
    if isinstance(error, OperationalError | InterfaceError):
        logger.warning("An Akinon call met a busy database: %s", type(error).__name__)
        return detail(503, "Busy; repeat the call", code="busy", headers=_RETRY_SOON)
    if isinstance(error, DataError):
        logger.warning("An Akinon call held what cannot be stored: %s", type(error).__name__)
        return invalid("The body holds a value that cannot be stored.")
    return None
