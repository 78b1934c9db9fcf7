"""Fields of this language: money, flags, moments, and ids that are numbers or texts."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

_AMOUNT = re.compile(r"[0-9]{1,12}(\.0{1,4})?")
_LARGEST = 10**12 - 1
_LATEST = 4_102_444_800  # the year 2100
_MOST_DIGITS = 18
_LONGEST_ID = 64
_LARGEST_MEASURE = 1_000_000

Field = serializers.Field[Any, Any, Any, Any]


@extend_schema_field({"type": "integer", "minimum": 0, "maximum": _LARGEST})
class WholeMoneyField(Field):
    """VND without decimals; texts like `250000.00` are read as well."""

    def to_internal_value(self, data: Any) -> Decimal:
        is_number = isinstance(data, int | float) and not isinstance(data, bool)
        text = str(data) if is_number or isinstance(data, str) else ""
        if not _AMOUNT.fullmatch(text):
            raise serializers.ValidationError("must be a whole amount of VND, at least 0")
        return Decimal(text).to_integral_value()

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field({"type": "integer", "minimum": 0, "maximum": 1})
class FlagField(serializers.BooleanField):
    """0 or 1."""


@extend_schema_field({"type": "integer", "description": "Unix seconds"})
class UnixField(Field):
    """Unix seconds -> an aware time in UTC; 0 is none."""

    def to_internal_value(self, data: Any) -> dt.datetime | None:
        if not isinstance(data, int) or isinstance(data, bool) or not 0 <= data <= _LATEST:
            raise serializers.ValidationError("must be Unix seconds")
        return dt.datetime.fromtimestamp(data, dt.UTC) if data else None

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field({"type": ["integer", "string"]})
class IdField(Field):
    """An id that is a number or a text; it stays what it was."""

    def to_internal_value(self, data: Any) -> int | str:
        is_number = isinstance(data, int) and not isinstance(data, bool)
        if is_number and 0 <= data < 10**_MOST_DIGITS:
            return int(data)
        if isinstance(data, str) and 0 < len(data) <= _LONGEST_ID and "\0" not in data:
            return data
        raise serializers.ValidationError("must be a number or a text of 1 to 64 characters")

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field({"type": "number", "minimum": 0})
class MeasureField(Field):
    """A number that is not negative; without decimals it is an integer."""

    def to_internal_value(self, data: Any) -> int | float:
        is_number = isinstance(data, int | float) and not isinstance(data, bool)
        if not is_number or not 0 <= data <= _LARGEST_MEASURE:
            raise serializers.ValidationError("must be a number from 0 to 1000000")
        return int(data) if data == int(data) else float(data)

    def to_representation(self, value: Any) -> Any:
        return value
