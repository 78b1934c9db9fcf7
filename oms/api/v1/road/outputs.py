"""Shapes that every operation answers with."""

from typing import Any

from rest_framework import serializers

from oms.api.v1.road.codes import CODES, FIELD_CODES


class FieldErrorOutput(serializers.Serializer[Any]):
    """What is wrong with one member of the request."""

    pointer = serializers.CharField(help_text="JSON Pointer (RFC 6901) into the request")
    code = serializers.ChoiceField(FIELD_CODES)
    detail = serializers.CharField(allow_blank=True)


class ProblemOutput(serializers.Serializer[Any]):
    """Problem details (RFC 9457). `code` is stable; some codes have members of their own."""

    type = serializers.URLField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField()
    code = serializers.ChoiceField(list(CODES))
    request_id = serializers.CharField()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`errors` is a name the framework uses itself, so it cannot be an attribute."""
        return {**super().get_fields(), "errors": FieldErrorOutput(many=True, required=False)}


class PageOutput(serializers.Serializer[Any]):
    """Where a list goes on."""

    next_cursor = serializers.CharField(allow_null=True)
    has_more = serializers.BooleanField()
