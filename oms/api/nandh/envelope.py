"""The object around every answer (contract 2.2)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from django.http import HttpResponse

_JSON = "application/json; charset=utf-8"


def success(data: Any, *, total: int = 1) -> HttpResponse:
    """200 with a payload; `total` is the number of records there are, on all pages."""
    return _answer(
        {
            "status_code": int(HTTPStatus.OK),
            "data": data,
            "error": False,
            "error_code": None,
            "log_id": None,
            "messages": "",
            "total": total,
        }
    )


def failure(
    status: int, code: str, message: str, *, log_id: str, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """A refusal or a fault; `log_id` is what support finds it by."""
    response = _answer(
        {
            "status_code": status,
            "data": None,
            "error": True,
            "error_code": code,
            "log_id": log_id,
            "messages": message,
            "total": 0,
        }
    )
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def _answer(body: Mapping[str, Any]) -> HttpResponse:
    response = HttpResponse(
        msgspec.json.encode(body), status=body["status_code"], content_type=_JSON
    )
    response.headers["Cache-Control"] = "no-store"
    return response
