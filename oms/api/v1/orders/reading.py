"""Checking what clients send: one set of rules for single orders, many orders and patches.

Bulk is where high volume comes in, so a document is checked by plain functions in one pass, a
tenth of what nested serializers take. Every mistake of a document is found, each with its pointer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from oms.api.v1.road.documents import escaped
from oms.api.v1.road.problems import FieldError, Problem, validation_failed

Values = dict[str, Any]


class Findings:
    """What is wrong with one document, and which members nobody knows."""

    __slots__ = ("errors", "unknown")

    def __init__(self) -> None:
        self.errors: list[FieldError] = []
        self.unknown: list[FieldError] = []

    def add(self, pointer: str, code: str, detail: str) -> None:
        """One more mistake."""
        self.errors.append(FieldError(pointer, code, detail))

    def problem(self) -> Problem | None:
        """What is to be answered, if anything is wrong."""
        if self.unknown:
            return Problem(400, "unknown_field", errors=self.unknown)
        return validation_failed(self.errors) if self.errors else None


Check = Callable[[object, str, Findings], Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """An object: how each member is checked, which must be there and which may be null.

    `never` are members of the resource that nobody can set this way.
    """

    members: Mapping[str, Check]
    required: tuple[str, ...] = ()
    nullable: frozenset[str] = frozenset()
    never: frozenset[str] = field(default_factory=frozenset)

    def __call__(self, value: object, at: str, found: Findings) -> Values:
        """The members that were sent, checked. Nothing that is wrong is among them."""
        if not isinstance(value, dict):
            found.add(at, "invalid_type", _("must be an object"))
            return {}
        said: Values = {}
        for name, part in value.items():
            check = self.members.get(name)
            if check is None:
                self._refuse(name, at, found)
            elif part is None and name in self.nullable:
                said[name] = None
            else:
                said[name] = check(part, f"{at}/{name}", found)
        for name in self.required:
            if name not in value:
                found.add(f"{at}/{name}", "required", _("is missing"))
        return said

    def _refuse(self, name: str, at: str, found: Findings) -> None:
        pointer = f"{at}/{escaped(name)}"
        if name in self.never:
            found.add(pointer, "not_allowed", _("cannot be changed"))
        else:
            found.unknown.append(FieldError(pointer, "unknown_field", _("is not known here")))


def listed(item: Check, *, most: int, least: int = 0) -> Check:
    """A list whose entries are checked alike."""

    def check(value: object, at: str, found: Findings) -> list[Any]:
        if not isinstance(value, list):
            found.add(at, "invalid_type", _("must be a list"))
            return []
        if len(value) > most:
            found.add(at, "too_many", _("at most %(most)s entries") % {"most": most})
            return []
        if len(value) < least:
            found.add(at, "out_of_range", _("at least %(least)s entries") % {"least": least})
        return [item(part, f"{at}/{place}", found) for place, part in enumerate(value)]

    return check


def text(longest: int, *, shortest: int = 0) -> Check:
    """Text that PostgreSQL can keep."""

    def check(value: object, at: str, found: Findings) -> str:
        if not isinstance(value, str):
            found.add(at, "invalid_type", _("must be text"))
        elif len(value) > longest:
            found.add(at, "too_long", _("at most %(most)s characters") % {"most": longest})
        elif len(value) < shortest:
            found.add(at, "required", _("is empty"))
        elif "\0" in value:
            found.add(at, "invalid_format", _("holds the character NUL"))
        else:
            return value
        return ""

    return check


def whole(least: int, most: int) -> Check:
    """A JSON integer; 1.0 is one."""

    def check(value: object, at: str, found: Findings) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            found.add(at, "invalid_type", _("must be an integer"))
        elif value < least:
            found.add(at, "out_of_range", _("must be at least %(least)s") % {"least": least})
        elif value > most:
            found.add(at, "out_of_range", _("must be at most %(most)s") % {"most": most})
        else:
            return value
        return least

    return check


def word(table: Mapping[str, Any]) -> Check:
    """One of the contract's words, in ours."""

    def check(value: object, at: str, found: Findings) -> Any:
        if not isinstance(value, str):
            found.add(at, "invalid_type", _("must be text"))
        elif value not in table:
            known = ", ".join(table)
            found.add(at, "unknown_value", _("must be one of %(known)s") % {"known": known})
        else:
            return table[value]
        return None

    return check
