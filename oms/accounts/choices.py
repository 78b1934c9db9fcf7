from django.db import models


class ClientKind(models.TextChoices):
    """What a machine stands for: one sales channel, one fulfillment point, or the organization."""

    CHANNEL = "CHANNEL", "Sales channel"
    POINT = "POINT", "Fulfillment point"
    ORGANIZATION = "ORGANIZATION", "Organization"


class CredentialKind(models.TextChoices):
    OMS4 = "OMS4", "OMS4 key and secret"
    INCREFF = "INCREFF", "Increff username and password"
    TOKEN = "TOKEN", "Authorization: Token"
    LOGIN = "LOGIN", "Username and password for a token"
    API_KEY = "API_KEY", "API key"
    OAUTH2 = "OAUTH2", "OAuth2 client"
