"""Query parameters of the calls about endpoints."""

from collections.abc import Mapping

from django.db.models import QuerySet
from rest_framework import serializers

from oms.api.v1.road.inputs import ParametersSerializer
from oms.api.v1.webhooks.mapping import DELIVERY_STATE
from oms.events.models import Delivery


class ReplayParameters(ParametersSerializer):
    dry_run = serializers.BooleanField(default=False, help_text="Only count")


class DeliveryParameters(ParametersSerializer):
    status = serializers.ChoiceField(choices=sorted(DELIVERY_STATE), required=False)


def deliveries(rows: "QuerySet[Delivery]", asked: Mapping[str, str]) -> "QuerySet[Delivery]":
    """Those that fit the parameters."""
    if "status" in asked:
        return rows.filter(state=DELIVERY_STATE[asked["status"]])
    return rows
