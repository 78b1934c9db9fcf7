"""What is read from calls: strict serializers, and their errors as JSON Pointers.

Strict means: unknown members are refused, and JSON types are what they are ("1" is no integer,
true is no integer). `read` and `read_parameters` turn the framework's errors into problems.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, ClassVar

from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework import serializers

from oms.api.v1.road.documents import escaped
from oms.api.v1.road.problems import FieldError, Problem, validation_failed

_UNKNOWN = "unknown_field"
_TYPES: tuple[tuple[type[serializers.Field[Any, Any, Any, Any]], tuple[type, ...]], ...] = (
    (serializers.BooleanField, (bool,)),
    (serializers.IntegerField, (int,)),
    (serializers.FloatField, (int, float)),
    (serializers.CharField, (str,)),
    (serializers.UUIDField, (str,)),
    (serializers.DateTimeField, (str,)),
    (serializers.DateField, (str,)),
    (serializers.DecimalField, (str,)),
    (serializers.ChoiceField, (str,)),
    (serializers.ListField, (list,)),
    (serializers.ListSerializer, (list,)),
    (serializers.DictField, (dict,)),
    (serializers.BaseSerializer, (dict,)),
)
# The framework's codes that are not the contract's.
_CODES = {
    "blank": "required",
    "null": "invalid_type",
    "not_a_list": "invalid_type",
    "not_a_dict": "invalid_type",
    "max_value": "out_of_range",
    "min_value": "out_of_range",
    "max_string_length": "out_of_range",
    "max_digits": "out_of_range",
    "max_decimal_places": "invalid_format",
    "max_whole_digits": "out_of_range",
    "overflow": "out_of_range",
    "max_length": "too_long",
    "min_length": "out_of_range",
    "empty": "required",
    "invalid_choice": "unknown_value",
    "unique": "duplicate",
}
_CONTRACTS = {
    "required",
    "invalid_type",
    "invalid_format",
    "out_of_range",
    "too_long",
    "too_many",
    "not_allowed",
    "duplicate",
    "unknown_value",
    _UNKNOWN,
}


class Refusal(serializers.ValidationError):
    """A field's error with the contract's code: `raise Refusal("out_of_range", "...")`."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail, code=code)


class StrictSerializer(serializers.Serializer[Any]):
    """The base of all inputs, nested ones too. Never used for output."""

    never: ClassVar[tuple[str, ...]] = ()
    is_patch: ClassVar[bool] = False

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        _take_as_sent(fields.values())
        if self.is_patch or (self.context.get("is_patch") and self.parent is None):
            for field in fields.values():
                field.required = False
                field.default = serializers.empty
        return fields

    def to_internal_value(self, data: Any) -> Any:
        """Validated members; errors of all members together."""
        if not isinstance(data, Mapping):
            raise Refusal("invalid_type", _("must be an object"))
        errors = {**self._strangers(data), **self._wrong_types(data)}
        sound = {name: value for name, value in data.items() if name not in errors}
        try:
            values = super().to_internal_value(sound)
        except serializers.ValidationError as error:
            if isinstance(error.detail, dict):
                known = {name: why for name, why in error.detail.items() if name not in errors}
                raise serializers.ValidationError({**known, **errors}) from error
            raise
        if errors:
            raise serializers.ValidationError(errors)
        return values

    def _strangers(self, data: Mapping[str, Any]) -> dict[str, Any]:
        known = {name for name, field in self.fields.items() if not field.read_only}
        errors: dict[str, Any] = {}
        for name in data:
            if name in self.never:
                errors[name] = [_detail("not_allowed", _("cannot be changed"))]
            elif name not in known:
                errors[name] = [_detail(_UNKNOWN, _("is not known here"))]
        return errors

    def _wrong_types(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: error
            for name, field in self.fields.items()
            if name in data and (error := _type_errors(field, data[name]))
        }


class PatchSerializer(StrictSerializer):
    """A merge patch: absent members are untouched, null clears where the field allows null.

    Members of the resource that can never be patched stand in `never`; naming one is 422
    `not_allowed`. Objects and arrays within a patch are replaced as a whole.
    """

    is_patch = True


class ParametersSerializer(serializers.Serializer[Any]):
    """The base of query parameters: texts, so they may be read as numbers."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        _take_as_sent(fields.values())
        return fields


class WordsField(serializers.CharField):
    """A comma list of words in a query parameter: 1 to `most`, all out of `choices` if given."""

    def __init__(self, *, choices: Collection[str] = (), most: int = 100, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choices = choices
        self.most = most

    def to_internal_value(self, data: Any) -> Any:
        words = [word.strip() for word in super().to_internal_value(data).split(",")]
        if len(words) > self.most:
            raise Refusal("too_many", _("at most %d values") % self.most)
        if "" in words or any(self.choices and word not in self.choices for word in words):
            raise Refusal("unknown_value", _("has a value it cannot have"))
        return words


def _take_as_sent(fields: Iterable[serializers.Field[Any, Any, Any, Any]]) -> None:
    """Have texts kept as they are: what the document says of a text holds for all of it."""
    for field in fields:
        inner: Any = field
        while inner is not None:
            if isinstance(inner, serializers.CharField):
                inner.trim_whitespace = False
            inner = getattr(inner, "child", None)


def read(
    kind: type[serializers.BaseSerializer[Any]],
    document: Any,
    *,
    context: Mapping[str, Any],
    partial: bool = False,
) -> Any:
    """The validated values of a document. Raises 400 unknown_field or 422 validation_failed."""
    serializer = kind(context={**context, "is_patch": partial})
    try:
        return serializer.run_validation(document)
    except serializers.ValidationError as error:
        errors = list(pointed(error.detail))
    strangers = [error for error in errors if error.code == _UNKNOWN]
    if strangers:
        raise Problem(400, _UNKNOWN, errors=strangers)
    raise validation_failed(errors)


def read_parameters(
    kind: type[serializers.Serializer[Any]], query: QueryDict, *, besides: frozenset[str]
) -> dict[str, Any]:
    """The validated query parameters. Unknown, repeated or bad ones: 400 invalid_parameter.

    Lists may be repeated as well, as some generated clients send them.
    """
    serializer = kind(data={})
    lists = {name for name, field in serializer.fields.items() if isinstance(field, WordsField)}
    serializer.initial_data = {
        name: ",".join(query.getlist(name)) if name in lists else query[name]
        for name in query
        if name not in besides
    }
    errors = [
        FieldError(f"/{escaped(name)}", "duplicate", _("is given more than once"))
        for name, values in query.lists()
        if len(values) > 1 and name not in lists
    ]
    errors += [
        FieldError(f"/{escaped(name)}", _UNKNOWN, _("is not known here"))
        for name in query
        if name not in besides and name not in serializer.fields
    ]
    if not serializer.is_valid():
        errors += pointed(serializer.errors)
    if errors:
        raise Problem(400, "invalid_parameter", errors=errors)
    values: dict[str, Any] = serializer.validated_data
    return values


def pointed(detail: Any, at: str = "") -> Iterator[FieldError]:
    """The framework's nested errors, one by one, in the contract's words."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            is_own = name in {"non_field_errors", "__all__"}
            yield from pointed(inner, at if is_own else f"{at}/{escaped(str(name))}")
    elif isinstance(detail, list | tuple):
        for index, inner in enumerate(detail):
            is_message = isinstance(inner, str)
            yield from pointed(inner, at if is_message else f"{at}/{index}")
    else:
        yield FieldError(at, _contracts_code(getattr(detail, "code", "")), str(detail))


def _contracts_code(code: str) -> str:
    return code if code in _CONTRACTS else _CODES.get(code, "invalid_format")


def _detail(code: str, text: str) -> serializers.ErrorDetail:
    return serializers.ErrorDetail(text, code=code)


def _type_errors(field: Any, value: Any) -> Any:
    """What is wrong with the JSON type of a value, and of the entries of an array; else None."""
    if value is None:
        return None
    wanted = getattr(field, "json_types", None) or next(
        (types for kind, types in _TYPES if isinstance(field, kind)), None
    )
    if wanted and not _is_one_of(value, wanted):
        return [_detail("invalid_type", _("has another type"))]
    if isinstance(value, list):
        return _entry_errors(field, value)
    return None


def _is_one_of(value: Any, types: tuple[type, ...]) -> bool:
    """Python takes true and false for integers, which JSON does not, and 1.0 for none."""
    if isinstance(value, float) and value.is_integer() and int in types:
        return True
    return isinstance(value, types) and (bool in types or not isinstance(value, bool))


def _entry_errors(field: Any, entries: list[Any]) -> Any:
    most = getattr(field, "max_length", None)
    if most is not None and len(entries) > most:
        return [_detail("too_many", _("at most %d entries") % most)]
    child = getattr(field, "child", None)
    if child is None or isinstance(child, serializers.BaseSerializer):
        return None
    errors = {
        index: error for index, entry in enumerate(entries) if (error := _type_errors(child, entry))
    }
    return errors or None
