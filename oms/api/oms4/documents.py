"""JSON in and out: whatever a client sends becomes a plain document or a refusal."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from oms.kernel import errors

Document = dict[str, Any]

DEEPEST = 32
_decoder = msgspec.json.Decoder()
_encoder = msgspec.json.Encoder()


class NotJson(errors.InvalidInput):
    """What was sent is not a JSON object that can be kept."""

    code = "not_json"


def decode(body: bytes) -> Document:
    """A JSON object, or an empty one for an empty body. Raises NotJson."""
    if not body.strip():
        return {}
    try:
        document = _decoder.decode(body)
    except (ValueError, RecursionError) as exc:  # msgspec's errors are ValueErrors
        raise NotJson("body: is not JSON in UTF-8") from exc
    if not isinstance(document, dict):
        raise NotJson("body: must be an object")
    if body.count(b"{") + body.count(b"[") > DEEPEST:
        _check_depth(document)
    if b"\\u0000" in body:
        _check_texts(document)
    return document


def encode(value: object) -> bytes:
    """Compact JSON in UTF-8."""
    return _encoder.encode(value)


def _check_depth(document: object) -> None:
    level = [document]
    for _ in range(DEEPEST):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return
    raise NotJson(f"body: is nested deeper than {DEEPEST}")


def _children(value: object) -> Iterator[object]:
    inside = value.values() if isinstance(value, dict) else value
    if isinstance(inside, Iterable):
        yield from (child for child in inside if isinstance(child, dict | list))


def _check_texts(value: object) -> None:
    """NUL is JSON, but no text that can be stored."""
    if isinstance(value, str) and "\0" in value:
        raise NotJson("body: holds the character NUL")
    if isinstance(value, dict):
        for name, member in value.items():
            _check_texts(name)
            _check_texts(member)
    elif isinstance(value, list):
        for member in value:
            _check_texts(member)
