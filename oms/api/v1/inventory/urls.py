"""Paths of inventory. A SKU may hold slashes, so the fixed words come first."""

from django.urls import path

from oms.api.v1.inventory import views

urlpatterns = [
    path("inventory", views.LevelCollection.as_view(), name="inventory"),
    path(
        "inventory/availability-checks",
        views.AvailabilityChecks.as_view(),
        name="availability-checks",
    ),
    path("inventory/adjustments", views.AdjustmentCollection.as_view(), name="adjustments"),
    path(
        "inventory/adjustments/<str:adjustment_id>",
        views.AdjustmentDetail.as_view(),
        name="adjustment",
    ),
    path("inventory/bulk", views.BulkLevels.as_view(), name="inventory-bulk"),
    path(
        "inventory/<path:sku>/locations/<str:location_id>",
        views.LevelDetail.as_view(),
        name="inventory-level",
    ),
    path("inventory/<path:sku>", views.SkuInventory.as_view(), name="inventory-sku"),
]
