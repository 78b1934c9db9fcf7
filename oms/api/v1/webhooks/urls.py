from django.urls import path

from oms.api.v1.webhooks import views

_ONE = "webhook-endpoints/<str:endpoint_id>"

urlpatterns = [
    path("webhook-endpoints", views.EndpointsView.as_view()),
    path(_ONE, views.EndpointView.as_view()),
    path(f"{_ONE}/rotate-secret", views.RotateSecretView.as_view()),
    path(f"{_ONE}/pause", views.PauseView.as_view()),
    path(f"{_ONE}/resume", views.ResumeView.as_view()),
    path(f"{_ONE}/replay", views.ReplayView.as_view()),
    path(f"{_ONE}/deliveries", views.DeliveriesView.as_view()),
]
