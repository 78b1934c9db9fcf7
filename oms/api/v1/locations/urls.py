"""Paths of locations."""

from django.urls import path

from oms.api.v1.locations import views

urlpatterns = [
    path("locations", views.LocationCollection.as_view(), name="locations"),
    path("locations/<str:location_id>", views.LocationDetail.as_view(), name="location"),
]
