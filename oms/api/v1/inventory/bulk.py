"""Reading bulk counts: JSON, or one level a line; decoded with msgspec, all of it or none."""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from django.utils.translation import gettext as _

from oms.api.v1.inventory import mapping
from oms.api.v1.inventory.inputs import LONGEST_ID, LONGEST_REFERENCE, LONGEST_SKU, MOST_LEVELS
from oms.api.v1.road import documents
from oms.api.v1.road.documents import escaped
from oms.api.v1.road.problems import FieldError, Problem, validation_failed
from oms.inventory.services import MOST_UNITS

BODY_LIMIT = 5 * 1024 * 1024
NDJSON = "application/x-ndjson"

_Units = Annotated[int, msgspec.Meta(ge=0, le=MOST_UNITS)]
_Reason = Literal[
    "cycle_count", "correction", "received", "damaged", "returned", "shrinkage", "sync", "other"
]
_Reference = Annotated[str, msgspec.Meta(max_length=LONGEST_REFERENCE)]
# What msgspec says: "Expected `int`, got `str` - at `$.levels[3].on_hand`".
_SAID = re.compile(r"(?P<what>.*?)(?: - at `\$(?P<path>[^`]*)`)?", re.DOTALL)
_STEP = re.compile(r"\.(?P<name>[^.\[]+)|\[(?P<index>\d+)\]")
_NAMED = re.compile(r"`(?P<name>[^`]*)`")

T = TypeVar("T")


class BulkLevel(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """One row."""

    sku: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_SKU, pattern=r"^[^\x00]*$")]
    location_id: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_ID)]
    on_hand: _Units
    safety_stock: _Units | msgspec.UnsetType = msgspec.UNSET


class BulkCount(msgspec.Struct, forbid_unknown_fields=True):
    """A body: the rows, and why."""

    levels: Annotated[list[BulkLevel], msgspec.Meta(min_length=1, max_length=MOST_LEVELS)]
    reason: _Reason
    reference: _Reference = ""


_document = msgspec.json.Decoder(BulkCount)
_row = msgspec.json.Decoder(BulkLevel)


def read(body: bytes) -> BulkCount:
    """A JSON body. Raises the problems of any other call."""
    return _decoded(_document.decode, body)


def read_lines(body: bytes, *, chosen: Mapping[str, Any]) -> BulkCount:
    """A body of one level a line; reason and reference are query parameters."""
    lines = [line for line in body.split(b"\n") if line.strip()]
    if not lines:
        raise validation_failed([FieldError("", "required", _("is missing"))])
    if len(lines) > MOST_LEVELS:
        raise validation_failed([FieldError("", "too_many", _("at most %d entries") % MOST_LEVELS)])
    rows = [_decoded(_row.decode, line, at=f"/{number}") for number, line in enumerate(lines)]
    return BulkCount(
        levels=rows,
        reason=chosen.get("reason", "sync"),
        reference=chosen.get("reference", ""),
    )


def _decoded(decode: Callable[[bytes], T], body: bytes, *, at: str = "") -> T:
    try:
        return _tried(decode, body)
    except msgspec.ValidationError as error:
        raise _problem(str(error), at) from error
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Problem(400, "malformed_json") from error


def _tried(decode: Callable[[bytes], T], body: bytes) -> T:
    """Once more when there is a 1.0: to JSON it is an integer, to msgspec it is none."""
    try:
        return decode(body)
    except msgspec.ValidationError as error:
        if "`float`" not in str(error):
            raise
    return decode(documents.with_integers(body))


def _problem(said: str, at: str) -> Problem:
    """A problem from what msgspec says, with a pointer to the member."""
    parts = _SAID.fullmatch(said)
    what = parts["what"] if parts else said
    pointer = at + _pointer((parts["path"] if parts else "") or "")
    named = _NAMED.search(what)
    if "unknown field" in what and named:
        pointer = f"{pointer}/{escaped(named['name'])}"
        return Problem(
            400,
            "unknown_field",
            errors=[FieldError(pointer, "unknown_field", _("is not known here"))],
        )
    if "missing required field" in what and named:
        return validation_failed(
            [FieldError(f"{pointer}/{escaped(named['name'])}", "required", _("is missing"))]
        )
    return validation_failed([_field_error(pointer, what)])


def _field_error(pointer: str, what: str) -> FieldError:
    if "of length" in what:
        longest = "too_many" if "array" in what else "too_long"
        code = longest if "<=" in what else "out_of_range"
        return FieldError(pointer, code, _("has the wrong length"))
    if "Invalid enum value" in what:
        words = ", ".join(sorted(mapping.REASON_IN))
        return FieldError(pointer, "unknown_value", _("must be one of: %s") % words)
    if "matching regex" in what:
        return FieldError(pointer, "invalid_format", _("must not hold NUL"))
    if ">=" in what or "<=" in what:
        return FieldError(pointer, "out_of_range", _("must be from 0 to %d") % MOST_UNITS)
    return FieldError(pointer, "invalid_type", _("has another type"))


def _pointer(path: str) -> str:
    """`.levels[3].on_hand` -> `/levels/3/on_hand`."""
    steps = (step["name"] or step["index"] for step in _STEP.finditer(path))
    return "".join(f"/{escaped(step)}" for step in steps)
