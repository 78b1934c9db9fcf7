"""What a schema has against a value, by dotted path. Values are never quoted: some are secrets."""

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from oms.accounts.app_settings.kinds import Schema

# Said with what the schema asks for.
_SENTENCES = {
    "type": "must be of type {0}",
    "enum": "must be one of {0}",
    "const": "must be {0}",
    "minimum": "must be {0} or more",
    "maximum": "must be {0} or less",
    "exclusiveMinimum": "must be more than {0}",
    "exclusiveMaximum": "must be less than {0}",
    "minLength": "must have {0} characters or more",
    "maxLength": "must have {0} characters or fewer",
    "minItems": "must have {0} entries or more",
    "maxItems": "must have {0} entries or fewer",
    "pattern": "must fit {0}",
    "uniqueItems": "must not repeat an entry",
}


def problems_of(value: Any, schema: Schema) -> dict[str, str]:
    """What is wrong, a sentence per path such as `endpoint_conf.0.base_url`; "" is the whole."""
    found: dict[str, str] = {}
    for path, sentence in _faults(value, schema):
        found.setdefault(path, sentence)
    return found


def _faults(value: Any, schema: Schema) -> Iterator[tuple[str, str]]:
    validator = Draft202012Validator(dict(schema))
    for error in sorted(validator.iter_errors(value), key=lambda each: list(map(str, each.path))):
        yield from _told(error)


def _told(error: ValidationError) -> Iterator[tuple[str, str]]:
    place = [str(part) for part in error.absolute_path]
    instance, wanted = error.instance, error.validator_value
    if error.validator == "required" and isinstance(instance, dict):
        for name in wanted:
            if name not in instance:
                yield ".".join([*place, name]), "is required"
    elif error.validator == "additionalProperties" and isinstance(instance, dict):
        known = error.schema.get("properties", {})
        for name in instance.keys() - known.keys():
            yield ".".join([*place, name]), "is not known"
    else:
        yield ".".join(place), _sentence(str(error.validator), wanted)


def _sentence(rule: str, wanted: Any) -> str:
    asked = " or ".join(map(str, wanted)) if isinstance(wanted, list) else str(wanted)
    return _SENTENCES.get(rule, "is not valid").format(asked)
