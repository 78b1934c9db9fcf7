"""What a schema has against a value, in words, by the path of the member."""

from collections.abc import Iterable, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from oms.backoffice.schema_forms.schemas import Schema

_TYPES = {
    "integer": "Enter a whole number.",
    "number": "Enter a number.",
    "boolean": "Choose yes or no.",
    "object": "Enter a JSON object.",
    "array": "Enter a JSON list.",
    "string": "Enter a text.",
}
_SENTENCES = {
    "minimum": "Enter {0} or more.",
    "maximum": "Enter {0} or less.",
    "exclusiveMinimum": "Enter more than {0}.",
    "exclusiveMaximum": "Enter less than {0}.",
    "minLength": "This is too short: {0} characters at least.",
    "maxLength": "This is too long: {0} characters at most.",
    "minItems": "Give {0} at least.",
    "maxItems": "Give {0} at most.",
    "enum": "This is none of the values it may have: {0}.",
    "const": "This must be {0}.",
    "pattern": "This does not look as it has to: {0}.",
    "format": "This is no {0}.",
    "uniqueItems": "Something stands here twice.",
}
_MISSING, _UNKNOWN = "This must be given.", "Nobody knows this member."

Errors = dict[str, list[str]]


def errors_of(value: Any, schema: Schema) -> Errors:
    """Every fault by dotted path, `rows.0.name`; the path of the whole is empty."""
    found: Errors = {}
    faults = Draft202012Validator(schema).iter_errors(value)
    for fault in sorted(faults, key=lambda each: [str(part) for part in each.absolute_path]):
        for path, sentence in _spread(fault):
            found.setdefault(path, []).append(sentence)
    return found


def merged(*many: Mapping[str, Iterable[str]]) -> Errors:
    """Several sources' faults in one, each sentence once."""
    together: Errors = {}
    for errors in many:
        for path, sentences in errors.items():
            known = together.setdefault(path, [])
            known.extend(sentence for sentence in sentences if sentence not in known)
    return together


def _spread(fault: ValidationError) -> list[tuple[str, str]]:
    """A fault at the members it is about: what is missing is missing at its own place."""
    path = ".".join(str(part) for part in fault.absolute_path)
    if fault.validator == "required" and isinstance(fault.instance, Mapping):
        missing = [name for name in fault.validator_value if name not in fault.instance]
        return [(_join(path, name), _MISSING) for name in missing]
    if fault.validator == "additionalProperties" and isinstance(fault.instance, Mapping):
        known = fault.schema.get("properties", {}) if isinstance(fault.schema, Mapping) else {}
        extra = [name for name in fault.instance if name not in known]
        return [(path, f"{name}: {_UNKNOWN}") for name in extra]
    if fault.validator in {"anyOf", "oneOf"} and fault.context:
        closest = min(fault.context, key=lambda each: -len(each.absolute_path))
        return _spread(closest)
    return [(path, _sentence(fault))]


def _sentence(fault: ValidationError) -> str:
    rule, wanted = str(fault.validator), fault.validator_value
    if rule == "type":
        names = [wanted] if isinstance(wanted, str) else [n for n in wanted if n != "null"]
        return _TYPES.get(names[0], "This has the wrong type.") if names else "Leave this empty."
    if rule in {"minLength", "minItems"} and wanted == 1:
        return _MISSING
    if rule == "enum":
        wanted = ", ".join(str(each) for each in wanted)
    pattern = _SENTENCES.get(rule)
    return pattern.format(wanted) if pattern else "This is not as its schema asks."


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
