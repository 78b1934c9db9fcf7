"""What is read off a call before anybody knows who it is from."""

import re

from django.http import HttpRequest

from oms.api.base import watching
from oms.api.v1.road.problems import Problem
from oms.kernel import logs

REQUEST_ID = "X-Request-Id"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_LANGUAGES = ("en", "vi")
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_QUOTED = re.compile(r'"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"')
_VERSION = re.compile(r'"v([1-9][0-9]{0,17})"')
NEVER = 0  # no version is 0, so nothing matches


def request_id_of(request: HttpRequest) -> str:
    """The client's id of the request if it has a valid one, otherwise ours."""
    given = request.headers.get(REQUEST_ID, "")
    if not _REQUEST_ID.fullmatch(given):
        return watching.request_id()
    logs.note(client_request_id=given)
    return given


def language_of(request: HttpRequest) -> str:
    """`en` or `vi`, whichever `Accept-Language` likes better; `en` when it names neither."""
    given = request.headers.get("Accept-Language", "")
    if not given:
        return _LANGUAGES[0]
    liked = {language: quality for language, quality in _weighed(given) if quality > 0}
    fallback = liked.pop("*", 0.0)
    best = {name: _quality(liked, name, fallback) for name in _LANGUAGES}
    return max(_LANGUAGES, key=lambda name: best[name])


def _quality(liked: dict[str, float], name: str, fallback: float) -> float:
    known = [q for tag, q in liked.items() if tag == name or tag.startswith(f"{name}-")]
    return max(known, default=fallback)


def is_acceptable(request: HttpRequest, media_types: tuple[str, ...]) -> bool:
    """Whether `Accept` allows one of these; without the header everything is."""
    given = request.headers.get("Accept", "")
    return not given or any(accepts(given, media_type) for media_type in media_types)


def accepts(header: str, media_type: str) -> bool:
    """Whether a media type is wanted: the most specific range that fits it decides."""
    kind = media_type.partition("/")[0]
    ranks = {"*/*": 0, f"{kind}/*": 1, media_type: 2}
    fitting = [(ranks[name], quality) for name, quality in _weighed(header) if name in ranks]
    return bool(fitting) and max(fitting)[1] > 0


def _weighed(header: str) -> list[tuple[str, float]]:
    found = []
    for part in header.split(",")[:50]:
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                quality = _number(parameter[2:])
        found.append((name, quality))
    return found


def _number(text: str) -> float:
    return float(text) if re.fullmatch(r"[01](\.\d{0,3})?", text) else 0.0


def media_type_of(request: HttpRequest) -> str:
    """The body's media type, without parameters."""
    return (request.META.get("CONTENT_TYPE") or "").partition(";")[0].strip().lower()


def idempotency_key_of(request: HttpRequest) -> str:
    """The key, bare or as the quoted text of a structured field. Raises the problems of 4.4."""
    given = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if given is None or given == "":
        raise Problem(400, "idempotency_key_required")
    if quoted := _QUOTED.fullmatch(given):
        given = re.sub(r"\\(.)", r"\1", quoted[1])
    if not _KEY.fullmatch(given):
        raise Problem(400, "idempotency_key_invalid")
    return str(given)


def expected_version_of(request: HttpRequest) -> int | None:
    """The version `If-Match` names: None when absent or `*`, NEVER for what no resource has.

    A list of tags is met by none of ours, as one resource has one version.
    """
    given = request.headers.get("If-Match", "").strip()
    if given in {"", "*"}:
        return None
    tag = _VERSION.fullmatch(given)
    return int(tag[1]) if tag else NEVER
