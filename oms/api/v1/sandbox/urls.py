from django.urls import path

from oms.api.v1.sandbox import views

urlpatterns = [
    path("sandbox", views.SandboxView.as_view(), name="sandbox"),
    path("sandbox/clock", views.ClockView.as_view(), name="sandbox-clock"),
    path(
        "sandbox/ship-everything",
        views.ShipEverythingView.as_view(),
        name="sandbox-ship-everything",
    ),
]
