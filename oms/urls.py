"""The front door: health, the wire languages, and the admin."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    # Health and metrics belong here, above everything else.
    path("admin/", admin.site.urls),
    # Last, because it takes any path with `/rest/` in it.
    path("", include("oms.api.oms4.urls")),
]
