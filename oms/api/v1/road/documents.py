"""From bytes to a JSON value, within limits: nothing deeper, longer or larger gets further."""

from collections.abc import Iterator
from typing import Any

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.utils.translation import gettext as _

from oms.api.base import bodies
from oms.api.v1.road.problems import FieldError, Problem, validation_failed

DEEPEST = 32
LONGEST_ARRAY = 1_000
LARGEST_INTEGER = 2**53 - 1
_NUL = "\0"


def body_of(request: HttpRequest, *, most: int) -> bytes:
    """The raw body, with or without a Content-Length. Longer than `most` bytes: 413."""
    try:
        return bodies.body_of(request, most=most)
    except RequestDataTooBig as error:
        raise Problem(413, "payload_too_large", headers={"Connection": "close"}) from error


def document_of(body: bytes, *, longest_array: int = LONGEST_ARRAY) -> Any:
    """The JSON value of a body. Not JSON, or too deep: 400; arrays too long and the like: 422."""
    try:
        document = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Problem(400, "malformed_json") from error
    _check(document, longest_array)
    return document


def with_integers(body: bytes) -> bytes:
    """The document with 1.0 as 1, for readers to whom these are two things."""
    return msgspec.json.encode(_WHOLE.decode(body))


def _number(text: str) -> int | float:
    value = float(text)
    is_whole = value.is_integer() and abs(value) <= LARGEST_INTEGER
    return int(value) if is_whole else value


_WHOLE = msgspec.json.Decoder(float_hook=_number)


def _check(document: Any, longest_array: int) -> None:
    found: list[FieldError] = []
    todo: list[tuple[str, Any, int]] = [("", document, 1)]
    while todo:
        pointer, value, depth = todo.pop()
        if depth > DEEPEST:
            raise Problem(400, "malformed_json", _("The body has more than 32 levels."))
        if error := _fault(pointer, value, longest_array):
            found.append(error)
            continue
        todo += [(f"{pointer}/{name}", child, depth + 1) for name, child in _children(value)]
    if found:
        raise validation_failed(sorted(found, key=lambda error: error.pointer))


def _children(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, child in value.items():
            yield escaped(name), child
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield str(index), child


def _fault(pointer: str, value: Any, longest_array: int) -> FieldError | None:
    if isinstance(value, str):
        return (
            FieldError(pointer, "invalid_format", _("must not hold NUL")) if _NUL in value else None
        )
    if isinstance(value, list) and len(value) > longest_array:
        return FieldError(pointer, "too_many", _("at most %d entries") % longest_array)
    if isinstance(value, dict) and any(_NUL in name for name in value):
        return FieldError(pointer, "invalid_format", _("must not hold NUL"))
    if isinstance(value, int | float) and abs(value) > LARGEST_INTEGER:
        return FieldError(pointer, "out_of_range", _("must be a smaller number"))
    return None


def escaped(name: str) -> str:
    """A member's name as part of a JSON Pointer."""
    return name.replace("~", "~0").replace("/", "~1")
