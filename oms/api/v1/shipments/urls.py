"""Paths of shipments, below `v1/`."""

from django.urls import path

from oms.api.v1.shipments import views

urlpatterns = [
    path("shipments", views.ShipmentCollection.as_view(), name="shipments"),
    path("shipments/<str:shipment_id>", views.ShipmentDetail.as_view(), name="shipment"),
    path(
        "shipments/<str:shipment_id>/status-updates",
        views.ShipmentStatusUpdates.as_view(),
        name="shipment_status_updates",
    ),
    path(
        "shipments/<str:shipment_id>/cancel", views.ShipmentCancel.as_view(), name="shipment_cancel"
    ),
    path(
        "shipments/<str:shipment_id>/tracking",
        views.ShipmentTracking.as_view(),
        name="shipment_tracking",
    ),
    path("shipments/<str:shipment_id>/label", views.ShipmentLabel.as_view(), name="shipment_label"),
]
