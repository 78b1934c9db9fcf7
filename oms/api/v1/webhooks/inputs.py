"""Bodies of calls about endpoints."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from oms.api.v1.news.words import PATTERNS
from oms.api.v1.road.fields import MomentField
from oms.api.v1.road.inputs import PatchSerializer, StrictSerializer
from oms.events.services import GRACE_SECONDS, LONGEST_GRACE_SECONDS

MOST_PATTERNS = 50
MOST_IDS = 500
_URL = 2048
_DESCRIPTION = 255
_PATTERN = 80
_EVENT_ID = r"^evt_[0-9a-f]{32}\Z"


@extend_schema_field({"type": "string", "enum": list(PATTERNS)}, component_name="EventPattern")
class PatternField(serializers.CharField):
    """The name of an event type, or a pattern of names."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_length=1, max_length=_PATTERN, **kwargs)


def _patterns(**options: object) -> serializers.ListField:
    return serializers.ListField(
        child=PatternField(),
        min_length=1,
        max_length=MOST_PATTERNS,
        help_text="Event types or patterns: `order.created`, `order.*`, `*`",
        **options,  # type: ignore[arg-type]  # the field's own options
    )


class WebhookEndpointInput(StrictSerializer):
    url = serializers.CharField(min_length=1, max_length=_URL, help_text="https, a public host")
    events = _patterns(required=False)
    description = serializers.CharField(
        max_length=_DESCRIPTION, required=False, allow_null=True, allow_blank=True
    )


class WebhookEndpointPatch(PatchSerializer):
    never = (
        "id",
        "status",
        "status_reason",
        "format",
        "secret",
        "version",
        "created_at",
        "updated_at",
    )

    url = serializers.CharField(min_length=1, max_length=_URL, required=False)
    events = _patterns(required=False)
    description = serializers.CharField(
        max_length=_DESCRIPTION, required=False, allow_null=True, allow_blank=True
    )


class WebhookRotationInput(StrictSerializer):
    grace_seconds = serializers.IntegerField(
        min_value=0,
        max_value=LONGEST_GRACE_SECONDS,
        default=GRACE_SECONDS,
        help_text="How long the old secret signs, too",
    )


class WebhookReplayInput(StrictSerializer):
    since = MomentField(required=False, help_text="Of news written at or after this instant")
    until = MomentField(required=False, help_text="... and before this one")
    types = serializers.ListField(child=PatternField(), required=False, max_length=MOST_PATTERNS)
    ids = serializers.ListField(
        child=serializers.RegexField(_EVENT_ID), required=False, min_length=1, max_length=MOST_IDS
    )
