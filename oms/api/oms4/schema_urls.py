"""The canonical paths one by one, for the OpenAPI document only."""

from django.urls import path

from oms.api.oms4.operations import OPERATIONS

SETTINGS: dict[str, object] = {}
urlpatterns = [
    path(operation.removeprefix("/"), view.as_view()) for operation, view in OPERATIONS.items()
]
