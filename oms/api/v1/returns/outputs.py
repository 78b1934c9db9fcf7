"""What the calls about returns answer."""

from typing import Any

from rest_framework import serializers

from oms.api.v1.returns import mapping


class ReturnUnitOutput(serializers.Serializer[Any]):
    id = serializers.CharField()
    external_id = serializers.CharField(allow_null=True)
    order_line_id = serializers.CharField(allow_null=True)
    sku = serializers.CharField()
    reason = serializers.CharField(allow_null=True)
    status = serializers.CharField(help_text=", ".join(mapping.UNIT_STATUS))
    qc_status = serializers.CharField(help_text=", ".join(mapping.QC_STATUS))
    qc_reason = serializers.CharField(allow_null=True)
    image_urls = serializers.ListField(child=serializers.CharField())
    disposition = serializers.CharField(allow_null=True, help_text=", ".join(mapping.DISPOSITION))
    received_at = serializers.DateTimeField(allow_null=True)
    inspected_at = serializers.DateTimeField(allow_null=True)


class ReturnOutput(serializers.Serializer[Any]):
    id = serializers.CharField()
    number = serializers.CharField(help_text="For people")
    external_id = serializers.CharField(allow_null=True)
    order_id = serializers.CharField(allow_null=True, help_text="null: we do not have the order")
    channel = serializers.CharField()
    order_external_id = serializers.CharField()
    type = serializers.CharField(help_text=", ".join(mapping.TYPE))
    status = serializers.CharField(help_text=", ".join(mapping.STATUS))
    location_id = serializers.CharField()
    carrier_code = serializers.CharField(allow_null=True)
    tracking_number = serializers.CharField(allow_null=True)
    note = serializers.CharField(allow_null=True)
    units = ReturnUnitOutput(many=True)
    refund_decision = serializers.CharField(help_text=", ".join(mapping.REFUND_DECISION))
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField(allow_null=True)
    inspected_at = serializers.DateTimeField(allow_null=True)
    refund_decided_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    cancelled_at = serializers.DateTimeField(allow_null=True)
