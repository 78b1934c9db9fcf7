"""The shapes of RFC 6749."""

from typing import Any

from rest_framework import serializers


class TokenInput(serializers.Serializer[Any]):
    """Form fields; the client by HTTP Basic or here."""

    grant_type = serializers.ChoiceField(["client_credentials"])
    client_id = serializers.CharField(required=False)
    client_secret = serializers.CharField(required=False)
    scope = serializers.CharField(required=False, help_text="Space separated; absent: all")


class TokenOutput(serializers.Serializer[Any]):
    """An access token."""

    access_token = serializers.CharField()
    token_type = serializers.ChoiceField(["Bearer"])
    expires_in = serializers.IntegerField(help_text="Seconds")
    scope = serializers.CharField()


class OAuthErrorOutput(serializers.Serializer[Any]):
    """A failure as RFC 6749 has it."""

    error = serializers.CharField()
    error_description = serializers.CharField(required=False)
