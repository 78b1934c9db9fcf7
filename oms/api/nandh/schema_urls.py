"""The paths of the OpenAPI document and its settings, for `make check` and `make schema`."""

from oms.api.nandh.urls import app_name, urlpatterns

SETTINGS: dict[str, object] = {
    "TITLE": "N&H Open API",
    "VERSION": "1.0",
    "OAS_VERSION": "3.1.1",
    "DESCRIPTION": "What of the N&H Open API v1.0 is served here. See docs/api/nandh.md.",
    "SCHEMA_PATH_PREFIX": "/api/v1/public",
}
__all__ = ["SETTINGS", "app_name", "urlpatterns"]
