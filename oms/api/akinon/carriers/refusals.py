"""What an extension says when it says no, as far as it may be repeated: buyers' data never is."""

import json
import re
from collections.abc import Collection, Iterator
from typing import Any

LONGEST = 200
_CODES = ("code", "errorCode", "error_code")
_TEXTS = ("message", "detail", "error", "title")
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}|[0-9]{1,6}")
_WORD = re.compile(r"\w+")
_LEAST = 2  # characters of a word that tells something
_PIECE = 5  # digits


def private_words(destination: object) -> frozenset[str]:
    """The words of everything that is told of a destination, in one letter case."""
    return frozenset(
        word for text in _texts(destination) for word in _words(text) if len(word) >= _LEAST
    )


def told(body: bytes, *, private: Collection[str] | None) -> tuple[str, str]:
    """The code and the text of a refusal, either empty where it may not be kept.

    `private` None: nobody knows which words are the buyer's, so there is no text.
    """
    document = _object(body)
    code = next((text for text in _members(document, _CODES) if _CODE.fullmatch(text)), "")
    text = next(_members(document, _TEXTS), "")
    if private is None:
        return code, ""
    known = frozenset(private)
    return (
        "" if known & frozenset(_words(code)) else code,
        "" if known & frozenset(_words(text)) or _is_near(text, known) else text[:LONGEST],
    )


def _is_near(text: str, known: Collection[str]) -> bool:
    """Numbers are written in many ways: a text with a piece of a private one is kept back."""
    digits = re.sub(r"\D", "", text)
    numbers = [word for word in known if word.isdecimal()]
    pieces = {number[at : at + _PIECE] for number in numbers for at in range(len(number))}
    return any(len(piece) == _PIECE and piece in digits for piece in pieces)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for child in value.values():
            yield from _texts(child)
    elif isinstance(value, str):
        yield value
        yield re.sub(r"\D", "", value)


def _words(text: str) -> Iterator[str]:
    return (found.casefold() for found in _WORD.findall(text))


def _object(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _members(document: dict[str, Any], names: Collection[str]) -> Iterator[str]:
    """What stands there, or in an `error` that is an object, as texts."""
    inner = document.get("error")
    places = [document, inner] if isinstance(inner, dict) else [document]
    for place in places:
        for name in names:
            value = place.get(name)
            if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
                yield str(value).strip()
