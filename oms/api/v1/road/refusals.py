"""From any exception to a problem: what views and the idempotency of calls share."""

import logging
from collections.abc import Mapping
from math import ceil
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from rest_framework import exceptions as drf

from oms.api.v1.road import problems
from oms.api.v1.road.problems import Problem
from oms.kernel.errors import DomainError

logger = logging.getLogger(__name__)

_OF_FRAMEWORK: dict[type[drf.APIException], tuple[int, str]] = {
    drf.NotAuthenticated: (401, "unauthenticated"),
    drf.AuthenticationFailed: (401, "unauthenticated"),
    drf.PermissionDenied: (403, "insufficient_scope"),
    drf.NotFound: (404, "not_found"),
    drf.NotAcceptable: (406, "not_acceptable"),
    drf.UnsupportedMediaType: (415, "unsupported_media_type"),
    drf.ParseError: (400, "malformed_json"),
}


def handle(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """Answer every exception; the handler of all views of /v1."""
    view = context["view"]
    problem = problem_of(error, allowed=view.allowed_methods)
    if problem is None:
        logger.error("A call of /v1 failed", exc_info=error)
        problem = Problem(500, "internal_error")
    return problems.answer(
        problem,
        request=view.plain,
        request_id=view.request_id,
    )


def problem_of(error: Exception, *, allowed: list[str]) -> Problem | None:
    """What an exception means to the caller; None for a fault of ours."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, DomainError):
        return problems.of_refusal(error)
    if isinstance(error, drf.APIException):
        return _of_framework(error, allowed)
    if isinstance(error, Http404):
        return Problem(404, "not_found")
    return _of_machinery(error)


def _of_framework(error: drf.APIException, allowed: list[str]) -> Problem | None:
    if isinstance(error, drf.Throttled):
        wait = max(1, ceil(getattr(error, "wait", None) or 1))
        return Problem(429, "rate_limited", headers={"Retry-After": str(wait)})
    if isinstance(error, drf.MethodNotAllowed):
        return Problem(405, "method_not_allowed", headers={"Allow": ", ".join(allowed)})
    known = next((said for kind, said in _OF_FRAMEWORK.items() if isinstance(error, kind)), None)
    return Problem(*known) if known else None


def _of_machinery(error: Exception) -> Problem | None:
    if isinstance(error, RequestDataTooBig):
        return Problem(413, "payload_too_large")
    if isinstance(error, SuspiciousOperation):
        return Problem(400, "malformed_json")
    if isinstance(error, OperationalError | InterfaceError):
        logger.warning("A call of /v1 met a busy database: %s", type(error).__name__)
        return Problem(503, "service_unavailable", headers={"Retry-After": "1"})
    if isinstance(error, DataError):
        logger.warning("A call of /v1 held a value that cannot be stored", exc_info=error)
        return problems.validation_failed([])
    return None
