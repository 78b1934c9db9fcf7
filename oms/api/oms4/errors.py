"""From any exception to the contract's answer."""

import logging
from collections.abc import Mapping
from math import ceil
from typing import Any

from django.db import DataError, OperationalError
from django.http import HttpResponse
from rest_framework import exceptions as drf

from oms.api.base.errors import Answer, answer_for
from oms.api.oms4 import envelope
from oms.kernel import errors
from oms.kernel.contention import Busy

logger = logging.getLogger(__name__)

TABLE: dict[type[errors.DomainError], Answer] = {
    errors.DomainError: Answer(200, "409"),
    errors.InvalidInput: Answer(200, "400"),
    errors.NotFound: Answer(200, "404"),
    errors.Forbidden: Answer(200, "403"),
    errors.Conflict: Answer(200, "409"),
}


def handle(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """Answer every exception; the handler of all views of this language."""
    request_id: str = context["kwargs"]["call"].request_id
    return answer(error, request_id=request_id)


def answer(error: Exception, *, request_id: str) -> HttpResponse:
    """A refusal in the contract's words; a fault is logged and answered without details."""
    if isinstance(error, OperationalError | Busy):
        return _busy(error, request_id)
    if isinstance(error, errors.DomainError):
        return envelope.failure(answer_for(TABLE, error).code, str(error), request_id=request_id)
    if isinstance(error, drf.APIException):
        return _of_framework(error, request_id)
    if isinstance(error, DataError):
        return envelope.failure(
            "400", "body: holds a value that cannot be stored", request_id=request_id
        )
    logger.error("OMS4 call %s failed", request_id, exc_info=error)
    return envelope.failure("500", "server: unexpected failure", request_id=request_id)


def _of_framework(error: drf.APIException, request_id: str) -> HttpResponse:
    if isinstance(error, drf.Throttled):
        wait = max(1, ceil(getattr(error, "wait", None) or 1))
        response = envelope.failure("429", "api_key: too many requests", request_id=request_id)
        response["Retry-After"] = str(wait)
        return response
    if isinstance(error, drf.NotAuthenticated | drf.AuthenticationFailed):
        return envelope.failure("401", str(error.detail), request_id=request_id)
    if isinstance(error, drf.MethodNotAllowed):
        return envelope.failure("405", "method: is not allowed here", request_id=request_id)
    return envelope.failure(str(error.status_code), str(error.detail), request_id=request_id)


def _busy(error: Exception, request_id: str) -> HttpResponse:
    """A lock timeout, a deadlock or a database that is away: the same call may succeed later."""
    logger.warning("OMS4 call %s met a busy database: %s", request_id, type(error).__name__)
    response = envelope.failure("500", "server: busy, repeat the call", request_id=request_id)
    response["Retry-After"] = "1"
    return response
