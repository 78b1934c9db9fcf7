"""Every machine's API. What matches here takes the short way: see `base.middleware.MachineLane`."""

from django.urls import include, path

urlpatterns = [
    path("", include("oms.api.nandh.urls")),
    path("", include("oms.api.v1.urls")),
    # Last, because it takes any path with `/rest/` in it.
    path("", include("oms.api.oms4.urls")),
]
