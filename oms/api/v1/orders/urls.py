from django.urls import path

from oms.api.v1.orders import views
from oms.api.v1.orders.problems import register_refusals

register_refusals()

urlpatterns = [
    path("orders", views.Orders.as_view()),
    path("orders/bulk", views.OrdersBulk.as_view()),
    path("orders/<str:order_id>", views.Order.as_view()),
    path("orders/<str:order_id>/cancel", views.OrderCancel.as_view()),
    path("orders/<str:order_id>/cancellation-requests", views.CancellationRequests.as_view()),
    path("cancellation-requests/<str:request_id>/decision", views.CancellationDecision.as_view()),
]
