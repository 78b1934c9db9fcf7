"""The paths of the OpenAPI document and its settings, for `make check` and `make schema`."""

from oms.api.v1.docs.document import SETTINGS
from oms.api.v1.urls import urlpatterns

__all__ = ["SETTINGS", "urlpatterns"]
