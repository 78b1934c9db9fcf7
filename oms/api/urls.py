"""Every machine's API. What matches here takes the short way: see `base.middleware.MachineLane`."""

from django.urls import include, path

from oms.api.files import public_file
from oms.api.increff.documents import joined_file

urlpatterns = [
    path("files/<token>.pdf", public_file, name="public-file"),
    path("files/joined/<token>.pdf", joined_file, name="joined-file"),
    path("", include("oms.api.nandh.urls")),
    path("", include("oms.api.v1.urls")),
    path("", include("oms.api.increff.urls")),
    path("", include("oms.api.akinon.urls")),
    # Last, because it takes any path with `/rest/` in it.
    path("", include("oms.api.oms4.urls")),
]
