"""What answers about inventory consist of."""

from typing import Any

from rest_framework import serializers

from oms.api.v1.inventory import mapping

_Base = serializers.Serializer[Any]


class LevelOutput(_Base):
    """Units of one SKU at one location."""

    sku = serializers.CharField()
    location_id = serializers.CharField()
    on_hand = serializers.IntegerField(min_value=0, help_text="Physical, of sellable grade")
    reserved = serializers.IntegerField(min_value=0, help_text="Allocated, not shipped")
    unavailable = serializers.IntegerField(min_value=0, help_text="Damaged, under inspection")
    incoming = serializers.IntegerField(min_value=0, help_text="Announced inbound")
    safety_stock = serializers.IntegerField(min_value=0, help_text="Never sold")
    available = serializers.IntegerField(
        min_value=0, help_text="max(0, on_hand - reserved - safety_stock)"
    )
    version = serializers.IntegerField(min_value=1)
    updated_at = serializers.DateTimeField()


class TotalsOutput(_Base):
    """Sums over the levels of one SKU."""

    on_hand = serializers.IntegerField(min_value=0)
    reserved = serializers.IntegerField(min_value=0)
    unavailable = serializers.IntegerField(min_value=0)
    incoming = serializers.IntegerField(min_value=0)
    available = serializers.IntegerField(min_value=0)


class SkuInventoryOutput(_Base):
    """One SKU: its totals, and its levels."""

    sku = serializers.CharField()
    totals = TotalsOutput()
    levels = LevelOutput(many=True)


class CheckedItemOutput(_Base):
    """What of one SKU could be had."""

    sku = serializers.CharField()
    requested = serializers.IntegerField(min_value=1)
    available = serializers.IntegerField(min_value=0)
    sufficient = serializers.BooleanField()


class AvailabilityOutput(_Base):
    """What could be had now; nothing is reserved."""

    all_available = serializers.BooleanField()
    items = CheckedItemOutput(many=True)


class AdjustedItemOutput(_Base):
    """An item of an adjustment, and what it left behind."""

    sku = serializers.CharField()
    location_id = serializers.CharField()
    delta = serializers.IntegerField()
    on_hand_after = serializers.IntegerField(min_value=0)
    version = serializers.IntegerField(min_value=1, help_text="Of the level, after all items")


class AdjustmentOutput(_Base):
    """Adjustments that were made together."""

    id = serializers.CharField()
    reason = serializers.ChoiceField(choices=sorted(mapping.REASON_IN))
    reference = serializers.CharField(allow_null=True)
    items = AdjustedItemOutput(many=True)
    created_at = serializers.DateTimeField()


class BulkFailureOutput(_Base):
    """A row that was left out."""

    index = serializers.IntegerField(min_value=0, help_text="Place of the row, from 0")
    sku = serializers.CharField()
    location_id = serializers.CharField()
    code = serializers.ChoiceField(choices=["unknown_sku", "unknown_location"])


class BulkOutput(_Base):
    """What became of the rows: `received` = `changed` + `unchanged` + `failed`."""

    received = serializers.IntegerField(min_value=0)
    changed = serializers.IntegerField(min_value=0)
    unchanged = serializers.IntegerField(
        min_value=0, help_text="As they were, or counted again by a later row"
    )
    failed = serializers.IntegerField(min_value=0)
    failures = BulkFailureOutput(many=True)
