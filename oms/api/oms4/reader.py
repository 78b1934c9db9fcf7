"""The tolerant reader: declared members in, plain values out, everything else ignored.

A `Shape` lists the members of an object. Reading converts what clients send in several ways
(numbers as text, flags as 0/1, one name for another) and refuses the rest with the path of the
member and what is wrong, never with its value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from oms.kernel import errors

Values = dict[str, Any]
Schema = dict[str, Any]

UNKNOWN = ""  # where kinds that keep unknown members put them; no declared member is named so


class BadMember(errors.InvalidInput):
    """A member is missing, of the wrong type, too long, or outside its values."""

    code = "bad_member"


def bad(path: str, problem: str) -> BadMember:
    """The refusal of one member: its path and what is wrong, never its value."""
    return BadMember(f"{path}: {problem}")


class Kind(Protocol):
    """One type of value: how it is read, and how OpenAPI describes it.

    `read` gets neither None nor "" unless `keeps_empty` says that "" is a value.
    """

    @property
    def keeps_empty(self) -> bool: ...
    def read(self, value: object, path: str) -> Any: ...
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


@dataclass(frozen=True)
class Shape:
    """The members of an object."""

    members: tuple[Member, ...]
    keeps_empty: bool = False
    known: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        names = {name for item in self.members for name in (item.name, *item.aliases)}
        object.__setattr__(self, "known", frozenset(names))

    def read(self, value: object, path: str = "") -> Values:
        """Every declared member by its name, absent ones with their default."""
        if not isinstance(value, dict):
            raise bad(path or "body", "must be an object")
        prefix = f"{path}." if path else ""
        values: Values = {}
        for item in self.members:
            name = item.name
            sent = value.get(name)
            if sent is None or sent == "":
                sent = self._fallback(item, value, sent)
            if sent is None or (sent == "" and not item.kind.keeps_empty):
                if item.required:
                    raise bad(prefix + name, "is missing")
                values[name] = item.default
                continue
            values[name] = read = item.kind.read(sent, prefix + name)
            if item.required and _is_blank(read):
                raise bad(prefix + name, "is empty")
        return values

    @staticmethod
    def _fallback(item: Member, document: Mapping[str, Any], sent: object) -> object:
        """What the first other name in use holds, if any."""
        found = (document.get(alias) for alias in item.aliases)
        return next((value for value in found if value is not None), sent)

    def unknown(self, document: Mapping[str, Any]) -> Values:
        """What a document holds beside the declared members, as sent."""
        known = self.known
        return {name: value for name, value in document.items() if name not in known}

    def schema(self) -> Schema:
        """As OpenAPI describes it."""
        described = {}
        for item in self.members:
            described[item.name] = dict(item.kind.schema())
            if item.about:
                described[item.name]["description"] = item.about
        required = [item.name for item in self.members if item.required]
        described_shape: Schema = {"type": "object", "properties": described}
        return described_shape | ({"required": required} if required else {})


def _is_blank(value: object) -> bool:
    return value == [] or (isinstance(value, str) and not value.strip())


def shape(*members: Member) -> Shape:
    """Declare an object."""
    return Shape(members)
