"""What a JSON Schema asks for, cut down to what a form can draw."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

Schema = Mapping[str, Any]
_SIMPLE = {"integer": "WHOLE", "number": "NUMBER", "string": "TEXT"}
LONG = 2048  # texts that may be longer get several lines


class Kind(StrEnum):
    """How one member is drawn."""

    TEXT = "TEXT"
    LONG_TEXT = "LONG_TEXT"
    WHOLE = "WHOLE"
    NUMBER = "NUMBER"
    YES_NO = "YES_NO"  # a box to tick
    MAYBE = "MAYBE"  # yes, no, or not said
    CHOICE = "CHOICE"
    CHOICES = "CHOICES"  # several, in no order
    ORDER = "ORDER"  # several, the first counts most
    LINES = "LINES"  # texts, one a line
    SECRET = "SECRET"  # noqa: S105 - a word, not a password
    JSON = "JSON"
    GROUP = "GROUP"
    ROWS = "ROWS"


def resolved(schema: Schema, root: Schema) -> Schema:
    """The schema behind a reference into `$defs`; what stands beside the reference wins."""
    reference = schema.get("$ref")
    if not isinstance(reference, str) or not reference.startswith("#/"):
        return schema
    found: Any = root
    for name in reference[2:].split("/"):
        found = found.get(name, {}) if isinstance(found, Mapping) else {}
    beside = {key: value for key, value in schema.items() if key != "$ref"}
    return resolved({**found, **beside}, root)


def plain(schema: Schema, root: Schema) -> Schema:
    """References followed, and `X or null` read as X."""
    schema = resolved(schema, root)
    for word in ("anyOf", "oneOf"):
        others = [each for each in schema.get(word, ()) if each.get("type") != "null"]
        if len(others) == 1:
            beside = {key: value for key, value in schema.items() if key != word}
            return plain({**others[0], **beside}, root)
    return schema


def type_of(schema: Schema) -> str:
    """The one type besides null; empty where there are several or none."""
    said = schema.get("type", "")
    names = [said] if isinstance(said, str) else [name for name in said if name != "null"]
    return str(names[0]) if len(names) == 1 else ""


def takes_null(schema: Schema, root: Schema) -> bool:
    """Whether null is a value here."""
    schema = resolved(schema, root)
    said = schema.get("type", "")
    if said == "null" or (not isinstance(said, str) and "null" in said):
        return True
    either = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    return any(takes_null(each, root) for each in either)


def options_of(schema: Schema) -> Sequence[str]:
    """The texts of an enumeration, without null; empty where there is none."""
    return [str(each) for each in schema.get("enum", ()) if each is not None]


def kind_of(schema: Schema, root: Schema, *, is_required: bool) -> Kind:
    """How to draw a member whose schema was made plain."""
    match _word(schema):
        case "secret":
            found = Kind.SECRET
        case "enum":
            found = Kind.CHOICE
        case "boolean":
            found = Kind.YES_NO if is_required or "default" in schema else Kind.MAYBE
        case "string" if int(schema.get("maxLength", 0)) > LONG:
            found = Kind.LONG_TEXT
        case "object" if schema.get("properties"):
            found = Kind.GROUP
        case "array":
            found = _list_kind(plain(schema.get("items") or {}, root))
        case name:
            found = Kind(_SIMPLE.get(name, "JSON"))
    return found


def _word(schema: Schema) -> str:
    if schema.get("writeOnly"):
        return "secret"
    return "enum" if options_of(schema) else type_of(schema)


def _list_kind(items: Schema) -> Kind:
    if options_of(items):
        return Kind.CHOICES
    if type_of(items) == "string" and not items.get("writeOnly"):
        return Kind.LINES
    if type_of(items) == "object" and items.get("properties"):
        return Kind.ROWS
    return Kind.JSON


def label_of(name: str, schema: Schema) -> str:
    """The schema's title, or the name as words."""
    return str(schema.get("title") or name.replace("_", " ").strip().capitalize())
