"""What is told of customers; documentation only, answers are rendered without it."""

from rest_framework import serializers

from oms.api.v1.customers import mapping
from oms.api.v1.road.fields import AddressOutput


class CustomerAddressOutput(AddressOutput):
    id = serializers.CharField()
    label = serializers.CharField(allow_null=True)  # type: ignore[assignment]  # the framework takes fields off the class, its own `label` stays
    is_default = serializers.BooleanField()


class CustomerOutput(serializers.Serializer[object]):
    """Personal members are null where only a channel knows the customer, and after erasure."""

    id = serializers.CharField()
    external_id = serializers.CharField(allow_null=True)
    type = serializers.ChoiceField(choices=list(mapping.TYPES))
    full_name = serializers.CharField(allow_null=True)
    phone = serializers.CharField(allow_null=True)
    email = serializers.CharField(allow_null=True)
    tax_code = serializers.CharField(allow_null=True)
    addresses = CustomerAddressOutput(many=True)
    tags = serializers.ListField(child=serializers.CharField())
    note = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(choices=list(mapping.STATUSES))
    erased_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ExportedLineOutput(serializers.Serializer[object]):
    sku = serializers.CharField()
    name = serializers.CharField()
    quantity = serializers.IntegerField()


class ExportedOrderOutput(serializers.Serializer[object]):
    """An order, with all that is held about its buyer."""

    id = serializers.CharField()
    external_id = serializers.CharField()
    channel = serializers.CharField()
    placed_at = serializers.DateTimeField()
    lines = ExportedLineOutput(many=True)
    contact = serializers.DictField(help_text="Who bought, and where it was sent")
    remark = serializers.CharField(allow_null=True)
    received = serializers.CharField(allow_null=True, help_text="The order as its channel sent it")


class PersonalDataOutput(serializers.Serializer[object]):
    """Everything held about a person."""

    customer = CustomerOutput()
    orders = ExportedOrderOutput(many=True)
    sections = serializers.DictField(
        child=serializers.ListField(child=serializers.DictField()),
        help_text="What shipments and returns of these orders tell about the person",
    )
