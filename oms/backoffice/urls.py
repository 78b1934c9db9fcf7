"""Health, metrics, and the way from the front door to the admin."""

from django.urls import path
from django.views.generic import RedirectView

from oms.backoffice import health

urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("", RedirectView.as_view(pattern_name="admin:index"), name="front-door"),
]
