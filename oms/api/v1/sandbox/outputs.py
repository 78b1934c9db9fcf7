"""Answers of the sandbox, for the document."""

from typing import Any

from rest_framework import serializers


class SandboxOutput(serializers.Serializer[Any]):
    """The clock of a test organization."""

    now = serializers.DateTimeField(help_text="What the clock shows")
    advanced_seconds = serializers.IntegerField(help_text="How far it is ahead of the real time")


class ClockMoveOutput(SandboxOutput):
    """The clock, and what happened because of its move."""

    holds_released = serializers.IntegerField()
    cancellation_requests_expired = serializers.IntegerField()
    tasks_taken_back = serializers.IntegerField(help_text="From points that accept too late")
    orders_routed = serializers.IntegerField()
    orders_completed = serializers.IntegerField()


class UnservedOutput(serializers.Serializer[Any]):
    """An order that could not go on."""

    order_id = serializers.CharField()
    external_id = serializers.CharField()
    reason = serializers.CharField(
        help_text="`on_hold`, `unpaid`, `not_allocated` (no units, or no point that serves the"
        " channel), or the code of a refusal"
    )


class ShipEverythingOutput(serializers.Serializer[Any]):
    """What one call came to."""

    orders = serializers.IntegerField(help_text="Orders that went on")
    shipments_created = serializers.IntegerField()
    shipments_picked_up = serializers.IntegerField()
    shipments_delivered = serializers.IntegerField()
    not_served = UnservedOutput(many=True, help_text="The oldest orders that could not go on")
    remaining = serializers.IntegerField(help_text="Orders for the next call")
