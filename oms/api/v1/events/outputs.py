"""What the feed answers."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, inline_serializer
from rest_framework import serializers

from oms.api.v1.news.outputs import EventOutput


class EventPlaceOutput(serializers.Serializer[Any]):
    next_cursor = serializers.CharField(help_text="Never null: go on polling from here")
    has_more = serializers.BooleanField(help_text="Whether to ask again at once")


@extend_schema_field(EventOutput)
class _EventField(serializers.JSONField):
    """One message."""


def event_list() -> serializers.Serializer[Any]:
    """The schema of a page."""
    fields = {"data": serializers.ListField(child=_EventField()), "page": EventPlaceOutput()}
    return inline_serializer(name="EventList", fields=fields)
