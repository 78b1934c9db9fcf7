"""A value beside its schema, as what the template draws."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from oms.backoffice.schema_forms import schemas
from oms.backoffice.schema_forms.reading import MASK, UNSAID, pattern_of
from oms.backoffice.schema_forms.schemas import Kind, Schema

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Option:
    """One of the values to choose from."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One member on the page. `value` is the text of its input, never a secret's."""

    kind: Kind
    name: str
    label: str
    help: str = ""
    value: str = ""
    is_required: bool = False
    is_on: bool = False  # ticked; of a secret: one is stored
    options: tuple[Option, ...] = ()
    ranks: tuple[tuple[Option, ...], ...] = ()  # of an order: one select per rank
    children: tuple["Node", ...] = ()
    rest: str = ""  # members the schema does not name
    errors: tuple[str, ...] = ()

    @property
    def html_id(self) -> str:
        return "id_" + self.name.replace(".", "-")

    @property
    def path(self) -> str:
        """The name without the form's prefix."""
        return self.name.partition(".")[2]

    @property
    def is_block(self) -> bool:
        """Drawn over the whole width."""
        return self.kind in {Kind.GROUP, Kind.ROWS}

    @property
    def is_wrong(self) -> bool:
        """Whether something in it has to be mended."""
        return bool(self.errors) or any(child.is_wrong for child in self.children)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What the drawing of a form knows besides the value.

    `kinds` and `options` are by place in the schema (`rows.*.name`): what the page knows better
    than the schema, such as the channels there are.
    """

    root: Schema
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    options: Mapping[str, Options] = field(default_factory=dict)
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def node(self, schema: Schema, name: str, value: Any, *, is_required: bool) -> Node:
        """The member of this name."""
        schema = schemas.plain(schema, self.root)
        place = pattern_of(name)
        kind = self.kinds.get(place) or schemas.kind_of(schema, self.root, is_required=is_required)
        said: dict[str, Any] = {
            "kind": kind,
            "name": name,
            "label": schemas.label_of(place.rpartition(".")[2], schema),
            "help": str(schema.get("description", "")),
            "is_required": is_required,
            "errors": tuple(self.errors.get(name.partition(".")[2], ())),
        }
        return Node(**said, **self._parts(kind, schema, name, value))

    def _parts(self, kind: Kind, schema: Schema, name: str, value: Any) -> dict[str, Any]:
        match kind:
            case Kind.GROUP:
                return self._group(schema, name, value)
            case Kind.ROWS:
                return {"children": self._rows(schema, name, value)}
            case Kind.SECRET:
                return {"is_on": value not in {UNSAID, None, ""}}
            case Kind.YES_NO:
                shown = schema.get("default", False) if value is UNSAID else value
                return {"is_on": shown is True}
            case Kind.CHOICE | Kind.CHOICES | Kind.ORDER | Kind.MAYBE:
                return self._choices(kind, schema, name, value)
            case _:
                return {"value": text_of(value, kind)}

    def _group(self, schema: Schema, name: str, value: Any) -> dict[str, Any]:
        known = value if isinstance(value, Mapping) else {}
        needed = schema.get("required", ())
        properties: Mapping[str, Schema] = schema["properties"]
        children = tuple(
            self.node(member, f"{name}.{key}", known.get(key, UNSAID), is_required=key in needed)
            for key, member in properties.items()
        )
        rest = {key: each for key, each in known.items() if key not in properties}
        shown = json.dumps(rest, ensure_ascii=False, indent=1) if rest else ""
        return {"children": children, "rest": shown}

    def _rows(self, schema: Schema, name: str, value: Any) -> tuple[Node, ...]:
        items = schema.get("items") or {}
        rows = value if isinstance(value, list) else []
        return tuple(
            self.node(items, f"{name}.{place}", row, is_required=True)
            for place, row in enumerate(rows)
        )

    def _choices(self, kind: Kind, schema: Schema, name: str, value: Any) -> dict[str, Any]:
        offered = self._offered(kind, schema, name)
        if kind in {Kind.CHOICE, Kind.MAYBE}:
            chosen = [text_of(value, kind)]
            return {"options": _marked(offered, chosen), "value": chosen[0]}
        many = [str(each) for each in value] if isinstance(value, list) else []
        if kind == Kind.CHOICES:
            return {"options": _marked(offered, many)}
        ranked = [many[rank : rank + 1] for rank in range(max(len(offered), len(many)))]
        return {"ranks": tuple(_marked(offered, each) for each in ranked)}

    def _offered(self, kind: Kind, schema: Schema, name: str) -> Options:
        known = self.options.get(pattern_of(name))
        if known is not None:
            return known
        if kind == Kind.MAYBE:
            return (("yes", "Yes"), ("no", "No"))
        single = kind == Kind.CHOICE
        from_schema = schema if single else schemas.plain(schema.get("items") or {}, self.root)
        return [(each, spoken(each)) for each in schemas.options_of(from_schema)]


def spoken(word: str) -> str:
    """A value of an enumeration as people read it; codes in capitals or digits stay."""
    return word.replace("_", " ").capitalize() if word.islower() else word


def text_of(value: Any, kind: Kind) -> str:
    """What stands in the input."""
    if value is UNSAID or value is None:
        return ""
    if kind == Kind.LINES and isinstance(value, list):
        return "\n".join(str(each) for each in value)
    if kind == Kind.JSON and not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False, indent=1)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value == MASK else str(value)


def _marked(offered: Options, chosen: Sequence[str]) -> tuple[Option, ...]:
    """The options, and what is chosen although nobody offers it any more."""
    known = {value for value, _ in offered}
    unknown = [(value, f"{value} (unknown)") for value in chosen if value and value not in known]
    return tuple(Option(value, label, value in chosen) for value, label in (*offered, *unknown))
