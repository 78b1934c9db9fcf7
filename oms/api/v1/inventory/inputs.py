"""What calls about inventory consist of."""

from django.utils.translation import gettext as _
from rest_framework import serializers

from oms.api.v1.inventory import mapping
from oms.api.v1.locations.mapping import PREFIX as LOCATION
from oms.api.v1.road.documents import LARGEST_INTEGER
from oms.api.v1.road.fields import MomentField, ReferenceField
from oms.api.v1.road.inputs import (
    ParametersSerializer,
    Refusal,
    StrictSerializer,
    WordsField,
)
from oms.inventory.services import MOST_UNITS

MOST_SKUS = 100
MOST_CHECKS = 200
MOST_ITEMS = 500
MOST_LEVELS = 5_000
LONGEST_SKU = 128
LONGEST_ID = 40
LONGEST_REFERENCE = 128


def _sku() -> serializers.CharField:
    return serializers.CharField(max_length=LONGEST_SKU, trim_whitespace=False)


def _location() -> serializers.CharField:
    return serializers.CharField(max_length=LONGEST_ID, help_text="`loc_...`")


def _reason() -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=sorted(mapping.REASON_IN))


def _reference() -> serializers.CharField:
    return serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=LONGEST_REFERENCE,
        help_text="Yours, such as the number of a delivery; kept in the ledger",
    )


class LevelParameters(ParametersSerializer):
    """Which levels are listed."""

    sku = WordsField(
        most=MOST_SKUS, required=False, help_text=f"Comma list of at most {MOST_SKUS} SKUs"
    )
    location_id = ReferenceField(LOCATION, required=False)
    updated_at_from = MomentField(required=False, help_text="Changed then or later")
    below_available = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=MOST_UNITS,
        help_text="Fewer than this many are available",
    )


class CheckedItemInput(StrictSerializer):
    """Units of one SKU that are wanted."""

    sku = _sku()
    quantity = serializers.IntegerField(min_value=1, max_value=MOST_UNITS)


class AvailabilityInput(StrictSerializer):
    """What is wanted, at one location or, without one, at all active ones together."""

    location_id = serializers.CharField(
        required=False, max_length=LONGEST_ID, help_text="Without one: all active locations"
    )
    items = serializers.ListField(child=CheckedItemInput(), min_length=1, max_length=MOST_CHECKS)


class LevelInput(StrictSerializer):
    """The absolute count of one SKU at one location."""

    on_hand = serializers.IntegerField(min_value=0, max_value=MOST_UNITS)
    safety_stock = serializers.IntegerField(min_value=0, max_value=MOST_UNITS, required=False)
    reason = _reason()
    expected_version = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=LARGEST_INTEGER,
        help_text="412 when the level is at another one",
    )
    reference = _reference()


class AdjustedItemInput(StrictSerializer):
    """Units that came, or went when negative."""

    sku = _sku()
    location_id = _location()
    delta = serializers.IntegerField(min_value=-MOST_UNITS, max_value=MOST_UNITS)

    def validate_delta(self, value: int) -> int:
        """Nothing is no adjustment."""
        if value == 0:
            raise Refusal("out_of_range", _("must not be 0"))
        return value


class AdjustmentInput(StrictSerializer):
    """Adjustments that are made together or not at all."""

    reason = _reason()
    reference = _reference()
    items = serializers.ListField(child=AdjustedItemInput(), min_length=1, max_length=MOST_ITEMS)


class BulkLevelInput(StrictSerializer):
    """One level of a bulk count."""

    sku = _sku()
    location_id = _location()
    on_hand = serializers.IntegerField(min_value=0, max_value=MOST_UNITS)
    safety_stock = serializers.IntegerField(min_value=0, max_value=MOST_UNITS, required=False)


class BulkInput(StrictSerializer):
    """Absolute counts. For the document only: a bulk body is decoded by `bulk.read`."""

    levels = serializers.ListField(child=BulkLevelInput(), min_length=1, max_length=MOST_LEVELS)
    reason = _reason()
    reference = _reference()


class BulkParameters(ParametersSerializer):
    """Why, for bodies of one level a line, which have no place for it."""

    reason = serializers.ChoiceField(
        choices=sorted(mapping.REASON_IN), required=False, help_text="NDJSON only; default `sync`"
    )
    reference = serializers.CharField(
        required=False, max_length=LONGEST_REFERENCE, help_text="NDJSON only"
    )
