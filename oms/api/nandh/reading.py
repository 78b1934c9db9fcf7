"""From a body to checked values. Members nobody knows are left alone: the vendor's list is cut.

What is wrong is told by JSON Pointer, and never repeats what was sent.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from django.http import HttpRequest
from rest_framework import serializers

from oms.api.base import bodies
from oms.api.nandh.errors import Refused

MEDIA_TYPE = "application/json"
MOST_BYTES = 1024 * 1024
DEEPEST = 32
MOST_TOLD = 5
Values = dict[str, Any]

# Codes of field errors that are codes of the answer themselves.
_OWN_ANSWER = frozenset({"unknown_customer"})


def body_of(request: HttpRequest) -> bytes:
    """The bytes of a JSON body: 413, 415."""
    body = bodies.body_of(request, most=MOST_BYTES)
    media_type = (request.META.get("CONTENT_TYPE") or "").partition(";")[0].strip().lower()
    if media_type != MEDIA_TYPE:
        raise Refused(
            415,
            "unsupported_media_type",
            f"Content-Type: {MEDIA_TYPE} is expected",
            headers={"Accept": MEDIA_TYPE},
        )
    return body


def document_of(body: bytes) -> Any:
    """The JSON value of a body: 400."""
    try:
        document = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Refused(400, "malformed_json", "The body is not JSON") from error
    if _is_deeper(document, DEEPEST):
        raise Refused(400, "malformed_json", f"The body has more than {DEEPEST} levels")
    return document


def read(kind: type[serializers.Serializer[Any]], document: Any) -> Values:
    """The checked values of a document: 422."""
    try:
        values: Values = kind().run_validation(document)
    except serializers.ValidationError as error:
        raise _refused(list(_pointed(error.detail))) from error
    return values


def refuse(pointer: str, message: str, *, code: str = "validation_failed") -> Refused:
    """422 for one member."""
    return Refused(422, code, f"{pointer}: {message}")


def _is_deeper(value: Any, levels: int) -> bool:
    todo = [(value, 1)]
    while todo:
        part, level = todo.pop()
        if not isinstance(part, dict | list):
            continue
        if level > levels:
            return True
        children = part.values() if isinstance(part, dict) else part
        todo += [(child, level + 1) for child in children]
    return False


def _refused(errors: list[tuple[str, str, str]]) -> Refused:
    code = next((code for _, _, code in errors if code in _OWN_ANSWER), "validation_failed")
    told = "; ".join(f"{pointer}: {text}" for pointer, text, _ in errors[:MOST_TOLD])
    left = len(errors) - MOST_TOLD
    return Refused(422, code, told + (f"; and {left} more" if left > 0 else ""))


def _pointed(detail: Any, at: str = "") -> Iterator[tuple[str, str, str]]:
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _pointed(inner, at if name == "non_field_errors" else f"{at}/{name}")
    elif isinstance(detail, list | tuple):
        for index, inner in enumerate(detail):
            yield from _pointed(inner, at if isinstance(inner, str) else f"{at}/{index}")
    else:
        code = str(getattr(detail, "code", ""))
        text = "has a value it cannot have" if code == "invalid_choice" else str(detail)
        yield at or "/", text, code
