"""The one JSON object every answer is (contract sections 1.5, 1.6)."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse

from oms.api.oms4.documents import encode

CONTENT_TYPE = "application/json;charset=UTF-8"
# Codes that are the HTTP status as well, whatever the switch says.
_ALWAYS = frozenset({"413", "429", "500"})


class Answer(HttpResponse):
    """An answer that knows its code, which the HTTP status need not show."""

    code: str


def success(data: Any, *, request_id: str) -> HttpResponse:
    """Code "200"; `data` is present also when it is null."""
    return _answer(200, "200", "success", data, request_id)


def failure(code: str, message: str, *, request_id: str, status: int | None = None) -> HttpResponse:
    """A failure, with HTTP 200 unless the code or the switch says otherwise."""
    if status is None:
        mirrored = code in _ALWAYS or settings.OMS_OMS4_MIRROR_STATUS
        status = int(code) if mirrored else 200
    return _answer(status, code, message, None, request_id)


def _answer(status: int, code: str, message: str, data: Any, request_id: str) -> HttpResponse:
    body = {"code": code, "message": message, "data": data, "request_id": request_id}
    content = encode(body)
    headers = {"Content-Type": CONTENT_TYPE, "Content-Length": str(len(content))}
    answer = Answer(content, status=status, headers=headers)
    answer.code = code
    return answer
