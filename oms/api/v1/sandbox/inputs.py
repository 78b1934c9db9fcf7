"""Bodies of calls to the sandbox."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from oms.accounts.sandboxes import LONGEST_MOVE
from oms.api.v1.road.fields import MomentField
from oms.api.v1.road.inputs import Refusal, StrictSerializer

SHIPPED, DELIVERED = "shipped", "delivered"


class ClockInput(StrictSerializer):
    """By how much the clock is moved ahead, or to what time: one of the two."""

    advance_seconds = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=int(LONGEST_MOVE.total_seconds()),
        help_text="At most 366 days",
    )
    to = MomentField(required=False, help_text="Later than the clock shows, at most 366 days later")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            told = _("advance_seconds or to is needed, and not both")
            code = "not_allowed" if attrs else "required"
            raise serializers.ValidationError({"advance_seconds": Refusal(code, told).detail})
        return attrs


class ShipEverythingInput(StrictSerializer):
    """How far orders go."""

    until = serializers.ChoiceField(choices=[SHIPPED, DELIVERED], required=False, default=DELIVERED)
