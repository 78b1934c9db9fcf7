"""The tolerant reader: declared members in, plain values out, everything else ignored.

A `Shape` lists the members of an object. Reading converts what clients send in several ways
(numbers and booleans as text, one name for another), takes null for absent, and refuses the rest
with all that is wrong at once, each by its path, never with its value:

    ORDER = shape(
        member("orderCode", TEXT, required=True),
        member("channelName", TEXT, "channelId", required=True),
        member("shipmentItems", Entries(ITEM, most=2_500), required=True),
    )
    values = read(ORDER, document)   # or IncreffView.values() with `shape = ORDER`
    values["orderCode"]              # str; optional members that are absent hold their default
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from oms.api.increff import errors

Values = dict[str, Any]
Schema = dict[str, Any]
Problems = list[tuple[str, str]]

NULL = "may not be null"
EMPTY = "may not be empty"


class Kind(Protocol):
    """One type of value. `read` gets no null; what is wrong it adds to `problems`."""

    def read(self, value: object, path: str, problems: Problems) -> Any: ...
    def schema(self) -> Schema: ...


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an object: its name, other accepted names, and what holds when it is absent."""

    name: str
    kind: Kind
    required: bool = False
    default: Any = None
    aliases: tuple[str, ...] = ()
    about: str = ""
    may_be_empty: bool = False


def member(
    name: str,
    kind: Kind,
    *aliases: str,
    required: bool = False,
    default: Any = None,
    about: str = "",
) -> Member:
    """Declare a member."""
    return Member(name, kind, required, default, aliases, about)


def sent(name: str, kind: Kind) -> Member:
    """Declare a required member that may be sent as ""."""
    return Member(name, kind, required=True, may_be_empty=True)


@dataclass(frozen=True, slots=True)
class Shape:
    """The members of an object; also a kind, for objects in objects."""

    members: tuple[Member, ...]

    def read(self, value: object, path: str, problems: Problems) -> Values:
        """Every declared member by its name, absent ones with their default."""
        if not isinstance(value, dict):
            problems.append((path or "body", "must be an object"))
            return {}
        prefix = f"{path}." if path else ""
        return {
            item.name: self._one(item, value, prefix + item.name, problems) for item in self.members
        }

    @staticmethod
    def _one(item: Member, document: Mapping[str, Any], path: str, problems: Problems) -> Any:
        names = (item.name, *item.aliases)
        value = next((document[name] for name in names if document.get(name) is not None), None)
        if value is None:
            if item.required:
                problems.append((path, NULL))
            return item.default
        if item.required and not item.may_be_empty and _is_blank(value):
            problems.append((path, EMPTY))
            return item.default
        return item.kind.read(value, path, problems)

    def schema(self) -> Schema:
        """As OpenAPI describes it."""
        described = {}
        for item in self.members:
            described[item.name] = dict(item.kind.schema())
            if not item.required:
                described[item.name]["nullable"] = True
            if item.about:
                described[item.name]["description"] = item.about
        required = [item.name for item in self.members if item.required]
        found: Schema = {"type": "object", "properties": described}
        return found | ({"required": required} if required else {})


def shape(*members: Member) -> Shape:
    """Declare an object."""
    return Shape(members)


def read(wanted: Shape, document: object) -> Values:
    """The values of a document. Raises Refused with all that is wrong in its fields."""
    problems: Problems = []
    values = wanted.read(document, "", problems)
    if problems:
        raise errors.invalid_fields(problems)
    return values


def _is_blank(value: object) -> bool:
    return value in ([], {}) or (isinstance(value, str) and not value.strip())
