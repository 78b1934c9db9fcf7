"""What answers about locations consist of."""

from typing import Any

from rest_framework import serializers

from oms.api.v1.locations import mapping
from oms.api.v1.road.fields import AddressOutput


class LocationOutput(serializers.Serializer[Any]):
    """A warehouse, store or external system that keeps stock and ships."""

    id = serializers.CharField()
    code = serializers.CharField()
    name = serializers.CharField()
    type = serializers.ChoiceField(choices=sorted(mapping.TYPE_OUT.values()))
    address = AddressOutput()
    active = serializers.BooleanField()
