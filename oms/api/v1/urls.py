"""The paths of /v1: a line per resource, and a last one for every path nobody has."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from oms.api.v1.road.views import UnknownPath

RESOURCES: list[URLPattern | URLResolver] = [
    path("", include("oms.api.v1.oauth2.urls")),
    path("", include("oms.api.v1.customers.urls")),
    path("", include("oms.api.v1.events.urls")),
    path("", include("oms.api.v1.inventory.urls")),
    path("", include("oms.api.v1.locations.urls")),
    path("", include("oms.api.v1.orders.urls")),
    path("", include("oms.api.v1.returns.urls")),
    path("", include("oms.api.v1.sandbox.urls")),
    path("", include("oms.api.v1.shipments.urls")),
    path("", include("oms.api.v1.webhooks.urls")),
]

app_name = "v1"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("oms.api.v1.docs.urls")),
    path("v1/", include(RESOURCES)),
    re_path(r"^v1(/.*)?$", UnknownPath.as_view(), name="unknown"),
]
