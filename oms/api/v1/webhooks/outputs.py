"""What the calls about endpoints answer."""

from typing import Any

from rest_framework import serializers


class WebhookEndpointOutput(serializers.Serializer[Any]):
    id = serializers.CharField()
    url = serializers.CharField()
    events = serializers.ListField(child=serializers.CharField())
    description = serializers.CharField(allow_null=True)
    status = serializers.CharField(help_text="enabled, paused, disabled or unverified")
    status_reason = serializers.CharField(
        allow_null=True, help_text="Why it is disabled or unverified"
    )
    format = serializers.CharField(help_text="v1; others were set up by operators")
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class WebhookEndpointWithSecretOutput(WebhookEndpointOutput):
    secret = serializers.CharField(help_text="Shown once")


class WebhookDeliveryOutput(serializers.Serializer[Any]):
    event_id = serializers.CharField(help_text="The `webhook-id` it is sent with")
    event_type = serializers.CharField()
    status = serializers.CharField(help_text="pending, delivered, failed, suppressed or skipped")
    attempts = serializers.IntegerField()
    last_status = serializers.IntegerField(allow_null=True, help_text="HTTP status of the last try")
    last_error = serializers.CharField(allow_null=True)
    next_attempt_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class WebhookReplayOutput(serializers.Serializer[Any]):
    count = serializers.IntegerField(min_value=0)
