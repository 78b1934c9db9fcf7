"""From any exception to the envelope, with the status and the code that /v1 would answer."""

import logging
from collections.abc import Mapping
from math import ceil
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from rest_framework import exceptions as drf

from catalog import services as catalog
from fulfillment.services import label_files
from oms.api.base import watching
from oms.api.base.errors import Answer, answer_for
from oms.api.nandh import envelope
from oms.kernel import errors
from oms.kernel.contention import Busy
from oms.orders import services as orders
from returns import services as returns

logger = logging.getLogger(__name__)

NOT_FOUND = "Record Not Found"
_RETRY_SOON = {"Retry-After": "1"}
_NO_LONGER_SENDING = {"Connection": "close"}

TABLE: dict[type[errors.DomainError], Answer] = {
    errors.DomainError: Answer(409, "invalid_state"),
    errors.InvalidInput: Answer(422, "validation_failed"),
    errors.NotFound: Answer(404, "not_found"),
    errors.Forbidden: Answer(403, "insufficient_scope"),
    errors.Conflict: Answer(409, "invalid_state"),
    Busy: Answer(503, "service_unavailable"),
    orders.OrderAlreadyPlaced: Answer(409, "duplicate_external_id"),
    catalog.SkuCodeTaken: Answer(409, "duplicate_external_id"),
    returns.UnknownReturnSku: Answer(422, "unknown_sku"),
    returns.ReturnPointUnknown: Answer(422, "unknown_location"),
    label_files.LabelPending: Answer(409, "label_not_ready"),
    label_files.LabelFailed: Answer(422, "carrier_rejected"),
    label_files.FormatUnavailable: Answer(406, "not_acceptable"),
}
_OF_FRAMEWORK: dict[type[drf.APIException], tuple[Answer, str]] = {
    drf.NotAuthenticated: (Answer(401, "unauthenticated"), "Authorization: no valid API key"),
    drf.AuthenticationFailed: (Answer(401, "unauthenticated"), "Authorization: no valid API key"),
    drf.PermissionDenied: (Answer(403, "insufficient_scope"), "The API key lacks the scope"),
    drf.NotFound: (Answer(404, "not_found"), NOT_FOUND),
}


class Refused(Exception):
    """An answer that is a failure of its own, not a refusal of the core."""

    def __init__(
        self, status: int, code: str, message: str, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})


def handle(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """Answer every exception; the handler of all views of this language."""
    refused = refused_of(error, allowed=context["view"].allowed_methods)
    if refused is None:
        logger.error("An N&H call failed", exc_info=error)
        refused = Refused(500, "internal_error", "Unexpected failure")
    return envelope.failure(
        refused.status,
        refused.code,
        refused.message,
        log_id=watching.request_id(),
        headers=refused.headers,
    )


def refused_of(error: Exception, *, allowed: list[str]) -> Refused | None:
    """What an exception means to the caller; None for a fault of ours."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, errors.DomainError):
        return _of_core(error)
    if isinstance(error, Http404):
        return Refused(404, "not_found", NOT_FOUND)
    if isinstance(error, drf.APIException):
        return _of_framework(error, allowed)
    return _of_machinery(error)


def _of_core(refusal: errors.DomainError) -> Refused:
    known = answer_for(TABLE, refusal)
    if isinstance(refusal, errors.NotFound):
        return Refused(known.status, known.code, NOT_FOUND)
    headers = _RETRY_SOON if isinstance(refusal, Busy) else {}
    return Refused(known.status, known.code, str(refusal), headers=headers)


def _of_framework(error: drf.APIException, allowed: list[str]) -> Refused | None:
    if isinstance(error, drf.Throttled):
        wait = max(1, ceil(getattr(error, "wait", None) or 1))
        return Refused(429, "rate_limited", "Too many requests", headers={"Retry-After": str(wait)})
    if isinstance(error, drf.MethodNotAllowed):
        return Refused(
            405,
            "method_not_allowed",
            "The path exists, but not with this method",
            headers={"Allow": ", ".join(allowed)},
        )
    known = next((said for kind, said in _OF_FRAMEWORK.items() if isinstance(error, kind)), None)
    return Refused(known[0].status, known[0].code, known[1]) if known else None


def _of_machinery(error: Exception) -> Refused | None:
    if isinstance(error, RequestDataTooBig):
        return Refused(
            413, "payload_too_large", "The body is too large", headers=_NO_LONGER_SENDING
        )
    if isinstance(error, SuspiciousOperation):
        return Refused(400, "malformed_json", "The request cannot be read")
    if isinstance(error, OperationalError | InterfaceError):
        logger.warning("An N&H call met a busy database: %s", type(error).__name__)
        return Refused(503, "service_unavailable", "Busy; repeat the call", headers=_RETRY_SOON)
    if isinstance(error, DataError):
        logger.warning("An N&H call held a value that cannot be stored: %s", type(error).__name__)
        return Refused(422, "validation_failed", "The body holds a value that cannot be stored")
    return None
