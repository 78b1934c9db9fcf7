"""What may stand where: readers of single values, and records made of them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

from django.db.models import TextChoices
from yaml import Node

from oms.backoffice.world import nodes
from oms.backoffice.world.places import Place, WorldRefused

Reader = Callable[[Node, Place], object]

LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Record:
    """One entry of a section: what it says, member by member, and where.

    Members of nested mappings have dotted names (`address.city`). What the file does not say is
    not here.
    """

    at: Place
    values: Mapping[str, object]
    places: Mapping[str, Place]

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str) -> str:
        """A member that is a text; one that is required, or was asked for before."""
        return str(self.values[name])

    def texts(self, name: str) -> list[str]:
        """A member that is a list of texts; empty when it is left out."""
        return cast("list[str]", self.values.get(name) or [])

    def optional(self, name: str) -> str | None:
        """A text, or None when it is null or left out."""
        value = self.values.get(name)
        return None if value is None else str(value)

    def place(self, name: str) -> Place:
        """Where a member stands; the record itself when the member is left out."""
        return self.places.get(name, self.at)

    @property
    def is_absent(self) -> bool:
        return self.values.get("state") == "absent"

    def require(self, *names: str, what: str) -> None:
        """Refuse a new object that lacks a member."""
        for name in names:
            if self.values.get(name) is None:
                raise WorldRefused(self.at, f"a new {what} needs `{name}`")


@dataclass(frozen=True, slots=True)
class Shape:
    """The members of one kind of record. `key` names the object and is always needed."""

    key: tuple[str, ...]
    fields: Mapping[str, "Reader | Shape"] = field(default_factory=dict)

    def read(self, node: Node, at: Place) -> Record:
        """Check one entry. Raises WorldRefused with the place of what is wrong."""
        values: dict[str, object] = {}
        places: dict[str, Place] = {}
        _collect(self, node, at, ("", values, places))
        for name in self.key:
            if values.get(name) in {None, ""}:
                raise WorldRefused(places.get(name, at), f"`{name}` is missing")
        return Record(at, values, places)


def _collect(
    shape: Shape,
    node: Node,
    at: Place,
    into: tuple[str, dict[str, object], dict[str, Place]],
) -> None:
    prefix, values, places = into
    for name, value, here in nodes.members(node, at):
        reader = shape.fields.get(name)
        if reader is None:
            known = ", ".join(shape.fields)
            raise WorldRefused(here, f"unknown key `{name}` (known are {known})")
        if isinstance(reader, Shape):
            _collect(reader, value, here, (f"{prefix}{name}.", values, places))
        else:
            values[prefix + name] = reader(value, here)
            places[prefix + name] = here


def text(longest: int = 255, *, null: str | None = None) -> Reader:
    """A text as it stands in the file; `null` is what a null is read as, if it may be one."""

    def read(node: Node, at: Place) -> object:
        if nodes.is_null(node) and null is not None:
            return null
        value = nodes.literal(node, at)
        if len(value) > longest:
            raise WorldRefused(at, f"has {len(value)} characters; {longest} is the most")
        return value

    return read


def nullable(reader: Reader) -> Reader:
    """The same, or null."""
    return lambda node, at: None if nodes.is_null(node) else reader(node, at)


def choice(choices: type[TextChoices] | tuple[str, ...]) -> Reader:
    """One of some words."""
    words = choices if isinstance(choices, tuple) else tuple(choices.values)

    def read(node: Node, at: Place) -> object:
        value = nodes.literal(node, at)
        if value not in words:
            raise WorldRefused(at, f"`{value}` is none of {', '.join(words)}")
        return value

    return read


def integer(least: int = -LARGEST) -> Reader:
    """A whole number."""

    def read(node: Node, at: Place) -> object:
        value = nodes.literal(node, at)
        if nodes.is_quoted(node) or not re.fullmatch(r"-?(0|[1-9]\d{0,9})", value):
            raise WorldRefused(at, f"`{value}` is not a whole number")
        if not least <= int(value) <= LARGEST:
            raise WorldRefused(at, f"{value} is not between {least} and {LARGEST}")
        return int(value)

    return read


def number(node: Node, at: Place) -> object:
    """A number from zero upwards."""
    value = nodes.literal(node, at)
    if nodes.is_quoted(node) or not re.fullmatch(r"\d{1,15}(\.\d+)?", value):
        raise WorldRefused(at, f"`{value}` is not a number from zero upwards")
    return float(value) if "." in value else int(value)


def boolean(node: Node, at: Place) -> object:
    """`true` or `false`."""
    value = nodes.literal(node, at)
    if nodes.is_quoted(node) or value not in {"true", "false"}:
        raise WorldRefused(at, f"`{value}` is neither true nor false")
    return value == "true"


def texts(longest: int = 255) -> Reader:
    """A list of texts, each once."""
    one = text(longest)

    def read(node: Node, at: Place) -> object:
        found: list[object] = []
        for item, here in nodes.items(node, at):
            value = one(item, here)
            if value in found:
                raise WorldRefused(here, f"`{value}` stands twice in the list")
            found.append(value)
        return found

    return read


def text_map(longest: int = 255) -> Reader:
    """A mapping of texts to texts."""
    one = text(longest)
    return lambda node, at: {key: one(value, here) for key, value, here in nodes.members(node, at)}


def json_object(node: Node, at: Place) -> object:
    """A mapping of anything JSON can hold."""
    value = nodes.plain(node, at)
    if not isinstance(value, dict):
        raise WorldRefused(at, "expected a mapping (key: value)")
    return value


def anything(node: Node, at: Place) -> object:
    """Whatever JSON can hold, null too."""
    return nodes.plain(node, at)


def records(shape: Shape) -> Reader:
    """A list of records."""
    return lambda node, at: [shape.read(item, here) for item, here in nodes.items(node, at)]
