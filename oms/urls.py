"""The front door: health, the wire languages, and the admin."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("oms.backoffice.urls")),
    path("admin/", admin.site.urls),
    # Last, because one of them takes any path with `/rest/` in it.
    path("", include("oms.api.urls")),
]
