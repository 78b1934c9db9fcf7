"""What is known of every request while it runs: its id in the logs, and its span."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.log import log_response

from oms.kernel import logs, tracing
from oms.kernel.identifiers import uuid7

HEADER = "X-Request-ID"


class RequestWatch:
    """Gives each request an id of our own; whatever id a client sends is only the client's.

    A view may answer with the client's instead; the log then has both.

    It stands in every log line of the request and in the answer's headers, so that a person with
    an error page can be helped. Paths are told without their query, which may name buyers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = str(uuid7())
        method = request.method or ""
        with (
            logs.about(request_id=request_id),
            tracing.span(f"HTTP {method}", method=method, request_id=request_id) as span,
        ):
            response = self._get_response(request)
            match = getattr(request, "resolver_match", None)
            span.set(route=match.route if match else "", status=response.status_code)
            if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                span.fail(str(response.status_code))
            if isinstance(response, HttpResponse):
                _log_refusal(request, response)
        response.headers.setdefault(HEADER, request_id)
        return response


def _log_refusal(request: HttpRequest, response: HttpResponse) -> None:
    """What Django logs of refused requests, but here, where the line gets the request's id."""
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        reason = response.reason_phrase
        log_response("%s: %s", reason, request.path, response=response, request=request)


def request_id() -> str:
    """The id of the request at hand; a new one outside of requests."""
    return logs.current().get("request_id") or str(uuid7())
