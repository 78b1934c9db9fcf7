"""The bodies of answers about shipments, as the document describes them; `rendering` makes them."""

from typing import Any

from rest_framework import serializers

from oms.api.v1.road.fields import AddressOutput, MoneyOutput
from oms.api.v1.shipments import mapping

Base = serializers.Serializer[Any]
Fields = dict[str, serializers.Field[Any, Any, Any, Any]]
_STATUSES = tuple(mapping.STATUS)


class ParcelOutput(Base):
    """Weight and size of a box, as far as they are known."""

    weight_g = serializers.IntegerField(required=False)
    length_mm = serializers.IntegerField(required=False)
    width_mm = serializers.IntegerField(required=False)
    height_mm = serializers.IntegerField(required=False)


class ShipmentLineOutput(Base):
    """Units of a line of the order."""

    order_line_id = serializers.CharField()
    quantity = serializers.IntegerField()


class LabelOutput(Base):
    """What became of the label."""

    status = serializers.ChoiceField(choices=("none", "pending", "ready", "failed"))
    format = serializers.ChoiceField(choices=("pdf", "zpl", "png", "jpeg"), allow_null=True)
    error = serializers.CharField(allow_null=True)


class ShipmentOutput(Base):
    """A box of an order."""

    id = serializers.CharField()
    number = serializers.CharField()
    order_id = serializers.CharField()
    external_id = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(choices=_STATUSES)
    location_id = serializers.CharField()
    lines = ShipmentLineOutput(many=True)
    carrier_code = serializers.ChoiceField(choices=mapping.CARRIERS, allow_null=True)
    service_level = serializers.ChoiceField(choices=tuple(mapping.SERVICE_LEVEL))
    tracking_number = serializers.CharField(allow_null=True)
    tracking_url = serializers.CharField(allow_null=True)
    parcel = ParcelOutput(allow_null=True)
    cod_amount = MoneyOutput()
    insured_value = MoneyOutput(allow_null=True)
    ship_from = AddressOutput()
    ship_to = AddressOutput(allow_null=True, help_text="Null when it was erased")
    note = serializers.CharField(allow_null=True)
    picked_up_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    cancelled_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def get_fields(self) -> Fields:
        """`label` is an attribute that serializers have themselves."""
        return {**super().get_fields(), "label": LabelOutput()}


class EventOutput(Base):
    """What was reported of a shipment."""

    id = serializers.CharField()
    status = serializers.ChoiceField(choices=_STATUSES)
    occurred_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    description = serializers.CharField(allow_null=True)
    location_text = serializers.CharField(allow_null=True)
    proof_url = serializers.CharField(allow_null=True)

    def get_fields(self) -> Fields:
        """`source` is an attribute that serializers have themselves."""
        source = serializers.ChoiceField(choices=tuple(mapping.SOURCE), allow_null=True)
        return {**super().get_fields(), "source": source}


class StatusUpdateOutput(Base):
    """What became of a status update."""

    event = EventOutput()
    applied = serializers.BooleanField(help_text="Whether it moved the shipment")
    shipment_status = serializers.ChoiceField(choices=_STATUSES)


class TrackingOutput(Base):
    """The journey of a shipment, newest event first."""

    shipment_id = serializers.CharField()
    status = serializers.ChoiceField(choices=_STATUSES)
    carrier_code = serializers.ChoiceField(choices=mapping.CARRIERS, allow_null=True)
    tracking_number = serializers.CharField(allow_null=True)
    tracking_url = serializers.CharField(allow_null=True)
    estimated_delivery_at = serializers.DateTimeField(allow_null=True)
    events = EventOutput(many=True)
