"""What lists of returns are narrowed by."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from oms.api.v1.returns import mapping
from oms.api.v1.road import identifiers
from oms.api.v1.road.fields import MomentField
from oms.api.v1.road.inputs import ParametersSerializer, WordsField
from returns.models import ReturnOrderQuerySet

_PLAIN = {
    "external_id": "external_id",
    "tracking_number": "tracking_number",
    "created_at_from": "created_at__gte",
    "created_at_to": "created_at__lt",
    "updated_at_from": "changed_at__gte",
    "updated_at_to": "changed_at__lt",
}
_WORDS = {"type": mapping.TYPE, "refund_decision": mapping.REFUND_DECISION}
_NAMED = {
    "order_id": ("ord_", "order__public_id"),
    "location_id": ("loc_", "point__public_id"),
}


class ReturnParameters(ParametersSerializer):
    """An identifier that nobody has fits nothing."""

    status = WordsField(
        required=False, choices=tuple(mapping.STATUS), help_text="Words, comma separated"
    )
    type = serializers.ChoiceField(choices=list(mapping.TYPE), required=False)
    refund_decision = serializers.ChoiceField(choices=list(mapping.REFUND_DECISION), required=False)
    external_id = serializers.CharField(max_length=64, required=False)
    order_id = serializers.CharField(max_length=40, required=False)
    location_id = serializers.CharField(max_length=40, required=False)
    tracking_number = serializers.CharField(max_length=128, required=False)
    created_at_from = MomentField(required=False)
    created_at_to = MomentField(required=False, help_text="Exclusive")
    updated_at_from = MomentField(required=False)
    updated_at_to = MomentField(required=False, help_text="Exclusive")


def filtered(rows: ReturnOrderQuerySet, asked: Mapping[str, Any]) -> ReturnOrderQuerySet:
    """Leave the returns that fit everything asked for."""
    wanted: dict[str, object] = {
        path: asked[name] for name, path in _PLAIN.items() if name in asked
    }
    for name, words in _WORDS.items():
        if name in asked:
            wanted[name] = words[asked[name]]
    if "status" in asked:
        wanted["status__in"] = [mapping.STATUS[each] for each in asked["status"]]
    for name, (prefix, path) in _NAMED.items():
        if name in asked:
            key = identifiers.uuid_of(prefix, asked[name])
            if key is None:
                return rows.none()
            wanted[path] = key
    return rows.filter(**wanted)
