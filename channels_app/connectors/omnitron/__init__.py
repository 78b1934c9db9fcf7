"""Omnitron and Seller Center: one protocol, asked at roots that a setting names."""

from channels_app.connectors.omnitron.client import Client
from channels_app.connectors.omnitron.endpoints import ENDPOINTS
from channels_app.connectors.omnitron.settings import (
    ClientSettings,
    EndpointSettings,
    SettingsUnreadable,
    Timeouts,
    read_settings,
)

__all__ = [
    "ENDPOINTS",
    "Client",
    "ClientSettings",
    "EndpointSettings",
    "SettingsUnreadable",
    "Timeouts",
    "read_settings",
]
