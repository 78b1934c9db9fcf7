"""From any exception to the contract's error body, and the refusals views raise themselves.

Views raise `bad_data(...)` and the texts of section 1.7, which clients may match; what services
refuse reaches `handle` by itself and is answered by its place in TABLE. Many bad lines of one call
are told by `listing` in the description.
"""

import logging
from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any

import msgspec
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpResponse
from rest_framework import exceptions as drf

from oms.api.base.errors import Answer, answer_for
from oms.kernel import errors
from oms.kernel.contention import Busy

logger = logging.getLogger(__name__)

BAD_DATA = "BAD_DATA"
RESOURCE_EXISTS = "RESOURCE_EXISTS"
AUTH_ERROR = "AUTH_ERROR"
NOT_FOUND = "NOT_FOUND"
TOO_MANY_REQUESTS = "TOO_MANY_REQUESTS"
UNKNOWN_ERROR = "UNKNOWN_ERROR"
FIELDS_FAILED = "Input validation failed"
CONTENT_TYPE = "application/json;charset=UTF-8"
_RETRY_SOON = {"Retry-After": "1"}

TABLE: dict[type[errors.DomainError], Answer] = {
    errors.DomainError: Answer(400, BAD_DATA),
    errors.InvalidInput: Answer(400, BAD_DATA),
    # 404 is for paths only, so that no client takes a business error for a wrong URL.
    errors.NotFound: Answer(400, BAD_DATA),
    errors.Forbidden: Answer(403, AUTH_ERROR),
    errors.Conflict: Answer(400, BAD_DATA),
    Busy: Answer(500, UNKNOWN_ERROR),
}


class Refused(Exception):
    """An answer that is decided in this language."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        description: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.message = message
        self.description = description
        self.headers = dict(headers or {})


def bad_data(message: str, description: str | None = None) -> Refused:
    """400 BAD_DATA: a bad field, something unknown, a wrong state, too much of something."""
    return Refused(400, BAD_DATA, message, description)


def contradicts(message: str, description: str | None = None) -> Refused:
    """400 RESOURCE_EXISTS: what is asked for contradicts what is there."""
    return Refused(400, RESOURCE_EXISTS, message, description)


def not_entitled(message: str) -> Refused:
    """403 AUTH_ERROR: the credential is good, but this is not open to it."""
    return Refused(403, AUTH_ERROR, message)


def not_ready(message: str) -> Refused:
    """503: a document is not there in time; the same call may succeed soon."""
    return Refused(503, UNKNOWN_ERROR, message, headers=_RETRY_SOON)


def unknown_location(code: str) -> Refused:
    return bad_data(f"Invalid location code: {code}")


def unknown_channel(name: str) -> Refused:
    return bad_data(f"Invalid channel: {name}")


def unknown_order(code: str) -> Refused:
    return bad_data(f"Order not found: {code}")


def unknown_sku(code: str) -> Refused:
    return bad_data(f"Sku not found: {code}")


def on_hold(code: str) -> Refused:
    return bad_data(f"Order is on hold: {code}")


def cancelled(code: str) -> Refused:
    return bad_data(f"Order is cancelled: {code}")


def invoiced(code: str) -> Refused:
    return bad_data(f"Order is already invoiced: {code}")


def doubled_sku(code: str) -> Refused:
    return bad_data(f"Duplicate sku in request: {code}")


def too_many_units(code: str) -> Refused:
    return bad_data(f"Quantity exceeds available quantity for sku: {code}")


def unknown_picklist(number: object) -> Refused:
    return bad_data(f"Picklist not found: {number}")


def too_many_items(most: int) -> Refused:
    return bad_data(f"Max {most} items allowed")


def listing(problems: Iterable[tuple[str, str]]) -> str:
    """`[name: reason, name: reason]`, the form of descriptions."""
    return f"[{', '.join(f'{name}: {reason}' for name, reason in problems)}]"


def invalid_fields(problems: Iterable[tuple[str, str]]) -> Refused:
    """400 for failed checks of fields, each by its path and what is wrong, never its value."""
    return bad_data(FIELDS_FAILED, listing(problems))


def handle(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """Answer every exception; the handler of all views of this language."""
    refused = refused_of(error, allowed=context["view"].allowed_methods)
    if refused is None:
        logger.error("An Increff call failed", exc_info=error)
        refused = Refused(500, UNKNOWN_ERROR, "Unexpected failure; repeat the call")
    return answer(refused)


def answer(refused: Refused) -> HttpResponse:
    """The error body: code, message, description."""
    body = {
        "code": refused.code,
        "message": refused.message,
        "description": refused.description,
    }
    content = msgspec.json.encode(body)
    headers = {"Content-Type": CONTENT_TYPE, "Content-Length": str(len(content))}
    return HttpResponse(content, status=refused.status, headers=headers | refused.headers)


def refused_of(error: Exception, *, allowed: list[str]) -> Refused | None:
    """What an exception means to the caller; None for a fault of ours."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, errors.DomainError):
        return _of_core(error)
    if isinstance(error, drf.APIException):
        return _of_framework(error, allowed)
    return _of_machinery(error)


def _of_core(refusal: errors.DomainError) -> Refused:
    known = answer_for(TABLE, refusal)
    headers = _RETRY_SOON if isinstance(refusal, Busy) else {}
    return Refused(known.status, known.code, str(refusal), headers=headers)


def _of_framework(error: drf.APIException, allowed: list[str]) -> Refused | None:
    if isinstance(error, drf.Throttled):
        wait = max(1, ceil(getattr(error, "wait", None) or 1))
        headers = {"Retry-After": str(wait)}
        return Refused(429, TOO_MANY_REQUESTS, "Too many requests", headers=headers)
    if isinstance(error, drf.NotAuthenticated | drf.AuthenticationFailed):
        return Refused(401, AUTH_ERROR, "authUsername and authPassword are not valid")
    if isinstance(error, drf.PermissionDenied):
        return Refused(403, AUTH_ERROR, str(error.detail))
    if isinstance(error, drf.MethodNotAllowed):
        return Refused(405, BAD_DATA, "Method not allowed", headers={"Allow": ", ".join(allowed)})
    return None


def _of_machinery(error: Exception) -> Refused | None:
    if isinstance(error, RequestDataTooBig):
        headers = {"Connection": "close"}  # the rest of the body is left unread
        return Refused(400, BAD_DATA, "Request body is too large", headers=headers)
    if isinstance(error, SuspiciousOperation):
        return bad_data("The request cannot be read")
    if isinstance(error, OperationalError | InterfaceError):
        logger.warning("An Increff call met a busy database: %s", type(error).__name__)
        return Refused(500, UNKNOWN_ERROR, "Busy; repeat the call", headers=_RETRY_SOON)
    if isinstance(error, DataError):
        logger.warning("An Increff call held what cannot be stored: %s", type(error).__name__)
        return bad_data("The body holds a value that cannot be stored")
    return None
