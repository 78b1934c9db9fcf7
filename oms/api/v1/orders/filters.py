"""Query parameters of orders (contract 4.8)."""

from collections.abc import Mapping

from rest_framework import serializers

from oms.api.v1.orders import mapping
from oms.api.v1.road.fields import MomentField
from oms.api.v1.road.inputs import ParametersSerializer, WordsField

SORTS: Mapping[str, str] = {"created_at": "placed_at", "updated_at": "changed_at"}
REQUEST_SORTS: Mapping[str, str] = {"created_at": "created_at", "updated_at": "updated_at"}


class OrderFilters(ParametersSerializer):
    """What orders are listed by; all of it must fit."""

    status = WordsField(choices=mapping.STATUSES, required=False)
    channel = serializers.CharField(required=False, max_length=64)
    external_id = serializers.CharField(required=False, max_length=128)
    customer_id = serializers.CharField(required=False, max_length=40)
    payment_status = serializers.ChoiceField(choices=tuple(mapping.PAYMENT_STATUS), required=False)
    sku = serializers.CharField(required=False, max_length=128)
    created_at_from = MomentField(required=False)
    created_at_to = MomentField(required=False)
    updated_at_from = MomentField(required=False)
    updated_at_to = MomentField(required=False)
    tag = serializers.CharField(required=False, max_length=32)


class CreateParameters(ParametersSerializer):
    """How an order is created."""

    require_stock = serializers.BooleanField(
        required=False, help_text="Refuse the order unless all of it is in stock"
    )


class BulkParameters(ParametersSerializer):
    """How many orders are created, for bodies that cannot say it themselves."""

    error_policy = serializers.ChoiceField(choices=("reject_all", "skip_failed"), required=False)


class NoParameters(ParametersSerializer):
    """Nothing but what every list takes."""
