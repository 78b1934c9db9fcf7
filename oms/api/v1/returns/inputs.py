"""Bodies of calls about returns."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from oms.api.v1.returns import mapping
from oms.api.v1.road.fields import MomentField, ReferenceField, SkuCodeField
from oms.api.v1.road.inputs import PatchSerializer, Refusal, StrictSerializer

MOST_UNITS = 1_000
MOST_IMAGES = 20
_NUMBER = 64
_ORDER_NUMBER = 128
_TEXT = 1_000
_CARRIER = 64
_TRACKING = 128
_URL = 2048


def _text(longest: int, **options: Any) -> serializers.CharField:
    """Text that may be left out, or null for nothing."""
    return serializers.CharField(
        max_length=longest, required=False, allow_null=True, allow_blank=True, **options
    )


def _number(longest: int, **options: Any) -> serializers.CharField:
    """Somebody else's number: left out, null, or not empty."""
    return serializers.CharField(max_length=longest, required=False, allow_null=True, **options)


class ReturnUnitInput(StrictSerializer):
    external_id = _number(_NUMBER)
    order_line_id = ReferenceField("oli_", required=False, allow_null=True)
    sku = SkuCodeField(required=False, allow_null=True)
    reason = _text(_TEXT)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A unit is named by its line, its SKU, or both."""
        if attrs.get("order_line_id") is None and attrs.get("sku") is None:
            told = Refusal("required", _("a unit needs order_line_id or sku")).detail
            raise serializers.ValidationError({"sku": told})
        return attrs


class ReturnInput(StrictSerializer):
    order_id = _number(40, help_text="Or channel and order_external_id")
    channel = _number(_NUMBER)
    order_external_id = _number(_ORDER_NUMBER)
    external_id = _number(_NUMBER, help_text="Unique per organization")
    type = serializers.ChoiceField(choices=list(mapping.TYPE), default="customer_return")
    location_id = ReferenceField(
        "loc_", required=False, allow_null=True, help_text="Default: the point that shipped"
    )
    carrier_code = _text(_CARRIER)
    tracking_number = _text(_TRACKING)
    note = _text(_TEXT)
    units: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=ReturnUnitInput(), allow_empty=False, max_length=MOST_UNITS
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The order is named in one of two ways; units have different numbers."""
        errors = _order_errors(attrs) | _repeated(attrs["units"], "external_id", at="units")
        if errors:
            raise serializers.ValidationError(errors)
        return attrs


def _order_errors(attrs: dict[str, Any]) -> dict[str, Any]:
    named = [name for name in ("channel", "order_external_id") if attrs.get(name) is not None]
    if attrs.get("order_id") is not None:
        told = Refusal("not_allowed", _("not beside order_id")).detail
        return dict.fromkeys(named, told)
    if not named:
        return {"order_id": Refusal("required", _("is missing")).detail}
    missing = {"channel", "order_external_id"} - set(named)
    return {name: Refusal("required", _("is missing")).detail for name in missing}


def _repeated(entries: list[dict[str, Any]], member: str, *, at: str) -> dict[str, Any]:
    """Errors at entries whose member was there before."""
    seen: set[str] = set()
    errors: dict[int, Any] = {}
    for place, entry in enumerate(entries):
        value = entry.get(member)
        if value is not None and value in seen:
            errors[place] = {member: Refusal("duplicate", _("is there twice")).detail}
        seen.add(value or "")
    return {at: errors} if errors else {}


class ReturnPatch(PatchSerializer):
    never = (
        "id",
        "number",
        "external_id",
        "order_id",
        "channel",
        "order_external_id",
        "type",
        "status",
        "location_id",
        "units",
        "version",
        "created_at",
        "updated_at",
        "received_at",
        "inspected_at",
        "refund_decided_at",
        "closed_at",
        "cancelled_at",
    )

    refund_decision = serializers.ChoiceField(choices=list(mapping.REFUND_DECISION))
    carrier_code = _text(_CARRIER)
    tracking_number = _text(_TRACKING)
    note = _text(_TEXT)


class ReceiptInput(StrictSerializer):
    units = serializers.ListField(
        child=ReferenceField("rtu_"), required=False, min_length=1, max_length=MOST_UNITS
    )
    tracking_number = serializers.CharField(max_length=_TRACKING, required=False)
    received_at = MomentField(required=False, help_text="At most 5 minutes in the future")
    location_id = ReferenceField(
        "loc_", required=False, help_text="Where they arrived; default: where they were expected"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Units, or the tracking number of them all."""
        if "units" in attrs and "tracking_number" in attrs:
            told = Refusal("not_allowed", _("not beside units")).detail
            raise serializers.ValidationError({"tracking_number": told})
        if "units" not in attrs and "tracking_number" not in attrs:
            told = Refusal("required", _("units or tracking_number are needed")).detail
            raise serializers.ValidationError({"units": told})
        return attrs


class InspectedUnitInput(StrictSerializer):
    id = ReferenceField("rtu_")
    qc_status = serializers.ChoiceField(choices=list(mapping.QC_RESULTS))
    qc_reason = _text(_TEXT)
    disposition = serializers.ChoiceField(choices=list(mapping.DISPOSITION))
    image_urls = serializers.ListField(
        child=serializers.URLField(max_length=_URL), required=False, max_length=MOST_IMAGES
    )


class InspectionInput(StrictSerializer):
    units: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=InspectedUnitInput(), allow_empty=False, max_length=MOST_UNITS
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Each unit has one result."""
        if errors := _repeated(attrs["units"], "id", at="units"):
            raise serializers.ValidationError(errors)
        return attrs


class ReturnCancelInput(StrictSerializer):
    units = serializers.ListField(
        child=ReferenceField("rtu_"),
        required=False,
        min_length=1,
        max_length=MOST_UNITS,
        help_text="Units that will not come; default: the whole return",
    )
