"""Idempotency (contract 4.4): a call with a key happens once, however often it is sent.

The row of the key is the first statement of the transaction in which the call has its effect, so
both commit or neither does. A rival with the same key waits on the unique index for at most the
session's lock timeout, and then either repeats the stored answer or is told to come back.
"""

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import OperationalError, transaction
from django.http import HttpResponse
from django.utils import timezone

from oms.api.v1.road import calls, ledger, problems, refusals
from oms.api.v1.road.ledger import Asked
from oms.api.v1.road.problems import SERVER_ERROR, Problem
from oms.kernel.contention import retried

if TYPE_CHECKING:
    from rest_framework.request import Request

    from oms.api.v1.road.views import V1View

Handler = Callable[..., HttpResponse]
_NEVER_STORED = frozenset({401, 403, 429})


class _Unstored(Exception):
    """Rolls the transaction back, and carries what is answered all the same."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.response = response


def run(view: "V1View", handler: Handler, request: "Request", **kwargs: Any) -> HttpResponse:
    """Answer a POST: once by its handler, then by what is stored."""
    asked = Asked(
        organization_id=view.organization_id,
        method=str(request.method),
        path=request.path,
        key=calls.idempotency_key_of(view.plain),
        fingerprint=hashlib.sha256(view.raw_body).digest(),
        at=timezone.now(),
    )
    try:
        return _within_transaction(view, asked, lambda: handler(request, **kwargs))
    except _Unstored as unstored:
        return unstored.response


@retried
def _within_transaction(
    view: "V1View", asked: Asked, work: Callable[[], HttpResponse]
) -> HttpResponse:
    with transaction.atomic():
        row = _claim(asked)
        if row is None:
            return _repeat(asked)
        response = _effect(view, work)
        if response.status_code >= SERVER_ERROR or response.status_code in _NEVER_STORED:
            raise _Unstored(response)
        ledger.keep(row, response)
    return response


def _claim(asked: Asked) -> Any:
    try:
        return ledger.claim(asked)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) == ledger.LOCK_NOT_AVAILABLE:
            raise Problem(409, "idempotency_in_progress", headers={"Retry-After": "1"}) from error
        raise


def _effect(view: "V1View", work: Callable[[], HttpResponse]) -> HttpResponse:
    """What the handler answers; a refusal undoes what it did and is an answer as well."""
    try:
        with transaction.atomic():
            return work()
    except OperationalError:
        raise
    except Exception as error:
        problem = refusals.problem_of(error, allowed=view.allowed_methods)
        if problem is None or problem.status >= SERVER_ERROR:
            raise
        return problems.answer(
            problem,
            request=view.plain,
            request_id=view.request_id,
        )


def _repeat(asked: Asked) -> HttpResponse:
    """The stored answer, byte by byte. Another body under the same key is refused."""
    known = ledger.find(asked)
    if known is None or known.status is None:
        raise Problem(409, "idempotency_in_progress", headers={"Retry-After": "1"})
    if bytes(known.fingerprint) != asked.fingerprint:
        raise Problem(422, "idempotency_key_reused")
    return ledger.answer(known)


def purge(*, now: dt.datetime) -> int:
    """Forget keys that are out of date, a batch at a time. Returns how many."""
    return ledger.purge(now=now)
