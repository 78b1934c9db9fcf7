"""Query parameters of the feed."""

from collections.abc import Collection
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from oms.api.v1.events.subjects import KINDS
from oms.api.v1.news.words import PATTERNS, types_of
from oms.api.v1.road.cursors import invalid
from oms.api.v1.road.inputs import ParametersSerializer, WordsField
from oms.api.v1.road.problems import FieldError, Problem
from oms.events.formats import UnknownWord

_EVENT = "evt_"
BEGINNING = UUID(int=0)
"""What the cursor is while an organization has had no events."""
NOBODY = 0
"""The key of what does not exist."""


@extend_schema_field({"type": "string", "pattern": f"^({'|'.join(KINDS)})", "maxLength": 40})
class _SubjectField(serializers.CharField):
    """What may be an id of something that has events."""


class FeedParameters(ParametersSerializer):
    after = serializers.CharField(
        required=False,
        max_length=40,
        help_text="`next_cursor` of the page before, or an event's id; absent: from the oldest",
    )
    type = WordsField(
        choices=PATTERNS,
        required=False,
        help_text="Event types or patterns such as `order.*`, with commas between",
    )
    subject = _SubjectField(
        required=False, max_length=40, help_text="Id of the resource the events are about"
    )


def place_of(cursor: str | None) -> UUID | None:
    """The event after which to go on; None for the beginning. Raises 400 invalid_cursor."""
    if cursor is None:
        return None
    try:
        found = UUID(hex=cursor.removeprefix(_EVENT))
    except ValueError as error:
        raise invalid() from error
    if cursor != cursor_of(found):
        raise invalid()
    return None if found == BEGINNING else found


def cursor_of(place: UUID | None) -> str:
    """A place on the wire."""
    return f"{_EVENT}{(place or BEGINNING).hex}"


def refuse_list_words(given: Collection[str]) -> None:
    """The feed has one order and its own cursor. Raises 400 invalid_parameter."""
    for name in ("cursor", "sort"):
        if name in given:
            raise _invalid(name, "the feed goes on with `after`, in its own order")


def types(patterns: list[str]) -> frozenset[str]:
    """The event types that are wanted. Raises 400 invalid_parameter."""
    try:
        return types_of(patterns)
    except UnknownWord as refusal:
        raise _invalid("type", str(refusal)) from refusal


def subject_of(text: str, *, organization_id: int) -> tuple[str, int]:
    """What an id names; what the organization does not have has had no events.

    Raises 400 invalid_parameter for what cannot be the id of something that has events.
    """
    for prefix, (kind, find) in KINDS.items():
        if text.startswith(prefix):
            return str(kind), find(text, organization_id) or NOBODY
    raise _invalid("subject", f"one of {', '.join(KINDS)} is expected")


def _invalid(name: str, detail: str) -> Problem:
    return Problem(
        400, "invalid_parameter", errors=[FieldError(f"/{name}", "unknown_value", detail)]
    )
