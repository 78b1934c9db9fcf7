"""The bodies of calls about shipments."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework import serializers

from oms.api.v1.road.fields import MomentField, MoneyField, ReferenceField
from oms.api.v1.road.inputs import PatchSerializer, Refusal, StrictSerializer
from oms.api.v1.shipments import mapping

MOST_GRAMS = 1_000_000_000
MOST_MILLIMETRES = 10_000_000
MOST_UNITS = 1_000_000_000
LONGEST_URL = 2000
LONGEST_TRACKING = 128


def _grams(**more: Any) -> serializers.IntegerField:
    return serializers.IntegerField(required=False, min_value=1, max_value=MOST_GRAMS, **more)


def _millimetres(**more: Any) -> serializers.IntegerField:
    return serializers.IntegerField(required=False, min_value=1, max_value=MOST_MILLIMETRES, **more)


def _web_address(**more: Any) -> serializers.URLField:
    return serializers.URLField(required=False, max_length=LONGEST_URL, **more)


class ParcelInput(StrictSerializer):
    """Weight and size of a box."""

    weight_g = _grams()
    length_mm = _millimetres()
    width_mm = _millimetres()
    height_mm = _millimetres()


class ParcelPatchInput(StrictSerializer):
    """New weight and size; null clears, what is not named stays."""

    weight_g = _grams(allow_null=True)
    length_mm = _millimetres(allow_null=True)
    width_mm = _millimetres(allow_null=True)
    height_mm = _millimetres(allow_null=True)


class ShipmentLineInput(StrictSerializer):
    """Units of a line of the order."""

    order_line_id = ReferenceField("oli_")
    quantity = serializers.IntegerField(min_value=1, max_value=MOST_UNITS)


class ShipmentInput(StrictSerializer):
    """A new shipment of an allocated order."""

    order_id = serializers.CharField(max_length=64)
    external_id = serializers.CharField(required=False, max_length=64)
    location_id = serializers.CharField(
        required=False, max_length=64, help_text="Default: where the order was allocated"
    )
    lines: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=ShipmentLineInput(),
        required=False,
        min_length=1,
        max_length=200,
        help_text="Default: everything that is not in a shipment yet",
    )
    carrier_code = serializers.ChoiceField(choices=mapping.CARRIERS, required=False)
    service_level = serializers.ChoiceField(
        choices=tuple(mapping.SERVICE_LEVEL), required=False, default="standard"
    )
    tracking_number = serializers.CharField(
        required=False, max_length=LONGEST_TRACKING, help_text="For carriers `self` and `other`"
    )
    tracking_url = _web_address(help_text="For carriers `self` and `other`")
    parcel = ParcelInput(required=False)
    cod_amount = MoneyField(required=False)
    insured_value = MoneyField(required=False)
    note = serializers.CharField(required=False, max_length=1000, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Carriers set their own tracking, and a line is named once."""
        errors: dict[str, Any] = {}
        if attrs.get("carrier_code") not in mapping.BRINGS_TRACKING:
            told = Refusal("not_allowed", _("is set by the carrier")).detail
            named = [name for name in ("tracking_number", "tracking_url") if name in attrs]
            errors |= dict.fromkeys(named, told)
        if repeated := _repeated(attrs.get("lines", [])):
            errors["lines"] = repeated
        if errors:
            raise serializers.ValidationError(errors)
        return attrs


def _repeated(lines: list[dict[str, Any]]) -> dict[int, Any]:
    told = Refusal("duplicate", _("is named more than once")).detail
    seen: set[str] = set()
    errors: dict[int, Any] = {}
    for index, line in enumerate(lines):
        if line["order_line_id"] in seen:
            errors[index] = {"order_line_id": told}
        seen.add(line["order_line_id"])
    return errors


class ShipmentPatchInput(PatchSerializer):
    """Changes of a shipment; what is not named stays."""

    never: ClassVar[tuple[str, ...]] = (
        "id", "number", "order_id", "external_id", "status", "location_id", "lines", "cod_amount",
        "insured_value", "ship_from", "ship_to", "label", "events", "picked_up_at", "delivered_at",
        "cancelled_at", "version", "created_at", "updated_at",
    )  # fmt: skip

    carrier_code = serializers.ChoiceField(choices=mapping.CARRIERS)
    service_level = serializers.ChoiceField(choices=tuple(mapping.SERVICE_LEVEL))
    tracking_number = serializers.CharField(max_length=LONGEST_TRACKING, allow_null=True)
    tracking_url = _web_address(allow_null=True)
    parcel = ParcelPatchInput(allow_null=True)
    note = serializers.CharField(max_length=1000, allow_null=True, allow_blank=True)


class StatusUpdateInput(StrictSerializer):
    """Where a shipment was seen, and when."""

    status = serializers.ChoiceField(choices=tuple(mapping.STATUS))
    occurred_at = MomentField(help_text="At most five minutes ahead")
    description = serializers.CharField(required=False, max_length=255, allow_blank=True)
    location_text = serializers.CharField(required=False, max_length=255, allow_blank=True)
    source_event_id = serializers.CharField(
        required=False, max_length=255, help_text="The same again answers the first event"
    )
    proof_url = _web_address()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`source` is an attribute that serializers have themselves."""
        source = serializers.ChoiceField(
            choices=tuple(mapping.SOURCE), required=False, default="warehouse"
        )
        return {**super().get_fields(), "source": source}


class CancelInput(StrictSerializer):
    """Why a shipment is not to be."""

    reason = serializers.ChoiceField(choices=mapping.CANCEL_REASONS)
