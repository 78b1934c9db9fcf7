"""Fields and values that several resources have: money, moments, SKU codes, addresses."""

import datetime as dt
import re
import uuid
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from rest_framework import serializers

from oms.api.v1.road import identifiers
from oms.api.v1.road.inputs import Refusal, StrictSerializer
from oms.kernel.currencies import minor_digits

_AMOUNT = re.compile(r"-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,4})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_COUNTRY = r"^[A-Z]{2}\Z"
_PHONE = r"^\+[1-9][0-9]{6,14}\Z"
_SKU = r"^[A-Za-z0-9._/-]{1,64}\Z"
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_EARLIEST = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_LATEST = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of a currency."""

    amount: Decimal
    currency: str


def money(amount: Decimal, currency: str) -> dict[str, str]:
    """As the wire has it: exactly the currency's minor digits."""
    step = Decimal(1).scaleb(-minor_digits(currency))
    return {"amount": f"{amount.quantize(step, ROUND_HALF_UP):f}", "currency": currency}


def moment(value: dt.datetime | None) -> str | None:
    """`2026-11-20T02:00:00.000Z`."""
    if value is None:
        return None
    return f"{value.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


class MoneyField(serializers.Field[Any, Any, Any, Any]):
    """`{"amount": "250000", "currency": "VND"}` -> Money; at least `least`, None for no limit."""

    json_types = (dict,)

    def __init__(self, *, least: Decimal | None = Decimal(0), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.least = least

    def to_internal_value(self, data: Any) -> Money:
        errors: dict[str, Any] = {}
        for name in data:
            if name not in {"amount", "currency"}:
                errors[name] = Refusal("unknown_field", _("is not known here")).detail
        currency = data.get("currency")
        errors |= _faults("currency", currency, _CURRENCY, _("a code of ISO 4217 is expected"))
        amount = data.get("amount")
        errors |= _faults("amount", amount, _AMOUNT, _("a decimal number as a text is expected"))
        if errors:
            raise serializers.ValidationError(errors)
        value = Decimal(amount)
        if error := self._out_of_rule(value, currency):
            raise serializers.ValidationError({"amount": error.detail})
        return Money(value, currency)

    def _out_of_rule(self, value: Decimal, currency: str) -> Refusal | None:
        digits = minor_digits(currency)
        if value != value.quantize(Decimal(1).scaleb(-digits)):
            return Refusal("invalid_format", _("at most %d decimals") % digits)
        if self.least is not None and value < self.least:
            return Refusal("out_of_range", _("must be at least %s") % self.least)
        return None

    def to_representation(self, value: Any) -> Any:
        return value


def _faults(name: str, value: Any, pattern: "re.Pattern[str]", told: str) -> dict[str, Any]:
    if value is None:
        return {name: Refusal("required", _("is missing")).detail}
    if not isinstance(value, str):
        return {name: Refusal("invalid_type", _("has another type")).detail}
    return {} if pattern.fullmatch(value) else {name: Refusal("invalid_format", told).detail}


class MoneyOutput(serializers.Serializer[Any]):
    """Money in answers."""

    amount = serializers.CharField(help_text="Decimal number with the currency's minor digits")
    currency = serializers.CharField(help_text="ISO 4217")


class MomentField(serializers.DateTimeField):
    """A moment of RFC 3339, with its offset, as an aware time in UTC."""

    def to_internal_value(self, value: Any) -> dt.datetime:
        if not isinstance(value, str) or not _MOMENT.fullmatch(value):
            raise Refusal("invalid_format", _("a time of RFC 3339 with its offset is expected"))
        try:
            read = parse_datetime(value.upper())
            found = read.astimezone(dt.UTC) if read else None
        except (ValueError, OverflowError):
            found = None
        if found is None:
            raise Refusal("invalid_format", _("a time of RFC 3339 with its offset is expected"))
        if not _EARLIEST <= found < _LATEST:
            raise Refusal("out_of_range", _("is too far away"))
        return found


class SkuCodeField(serializers.RegexField):
    """1 to 64 of `A-Za-z0-9._/-`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(_SKU, max_length=64, **kwargs)


class ReferenceField(serializers.CharField):
    """An identifier with a prefix, as a text.

    What cannot be one is `unknown_value`, like one that does not exist. With `uuid_of` or
    `number_of` of `identifiers` its inside can be had.
    """

    def __init__(self, prefix: str, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)
        self.prefix = prefix

    def to_internal_value(self, data: Any) -> str:
        text: str = super().to_internal_value(data)
        if identifiers.number_of(self.prefix, text) is None and self.uuid(text) is None:
            raise Refusal("unknown_value", _("is not an identifier of this kind"))
        return text

    def uuid(self, text: str) -> uuid.UUID | None:
        """The UUID in an identifier of this kind."""
        return identifiers.uuid_of(self.prefix, text)


class AddressInput(StrictSerializer):
    """An address; in Vietnam with ward and province."""

    full_name = serializers.CharField(max_length=120)
    phone = serializers.RegexField(_PHONE, error_messages={"invalid": _later("E.164 expected")})
    email = serializers.EmailField(required=False, allow_null=True, max_length=254)
    line1 = serializers.CharField(max_length=200)
    line2 = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=200)
    ward = serializers.CharField(required=False, allow_null=True, max_length=120)
    district = serializers.CharField(required=False, allow_null=True, max_length=120)
    province = serializers.CharField(required=False, allow_null=True, max_length=120)
    ward_code = serializers.CharField(required=False, allow_null=True, max_length=20)
    district_code = serializers.CharField(required=False, allow_null=True, max_length=20)
    province_code = serializers.CharField(required=False, allow_null=True, max_length=20)
    postal_code = serializers.CharField(required=False, allow_null=True, max_length=20)
    country = serializers.RegexField(
        _COUNTRY, error_messages={"invalid": _later("ISO 3166-1 alpha-2 expected")}
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("country") == "VN":
            missing = [name for name in ("ward", "province") if not attrs.get(name)]
            if missing:
                told = Refusal("required", _("is required in Vietnam")).detail
                raise serializers.ValidationError(dict.fromkeys(missing, told))
        return attrs


class AddressOutput(serializers.Serializer[Any]):
    """An address in answers; members without a value are left out."""

    full_name = serializers.CharField()
    phone = serializers.CharField(required=False)
    email = serializers.CharField(required=False)
    line1 = serializers.CharField()
    line2 = serializers.CharField(required=False)
    ward = serializers.CharField(required=False)
    district = serializers.CharField(required=False)
    province = serializers.CharField(required=False)
    ward_code = serializers.CharField(required=False)
    district_code = serializers.CharField(required=False)
    province_code = serializers.CharField(required=False)
    postal_code = serializers.CharField(required=False)
    country = serializers.CharField()
