from django.urls import path

from oms.api.v1.returns import views

urlpatterns = [
    path("returns", views.ReturnsView.as_view(), name="returns"),
    path("returns/<str:return_id>", views.ReturnView.as_view(), name="return"),
    path("returns/<str:return_id>/receipts", views.ReceiptsView.as_view(), name="receipts"),
    path(
        "returns/<str:return_id>/inspections",
        views.InspectionsView.as_view(),
        name="inspections",
    ),
    path("returns/<str:return_id>/cancel", views.ReturnCancelView.as_view(), name="cancel-return"),
]
