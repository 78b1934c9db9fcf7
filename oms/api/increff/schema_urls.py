"""The paths of the OpenAPI document and its settings, for `make check` and `make schema`."""

from django.urls import path

from oms.api.increff.urls import OPERATIONS

SETTINGS: dict[str, object] = {
    "TITLE": "Increff API for external fulfilment systems",
    "VERSION": "1.0",
    "OAS_VERSION": "3.0.3",
    "DESCRIPTION": "What an external fulfilment system calls. See docs/api/increff.md.",
}
app_name = "increff"
urlpatterns = [path(operation, view.as_view()) for operation, view in OPERATIONS.items()]
