"""Paths outside of resources; the pages of problems lie beside /v1."""

from django.urls import path

from oms.api.v1.docs import views

urlpatterns = [
    path("v1/openapi.json", views.openapi, name="openapi"),
    path("v1/docs", views.docs, name="docs"),
    path("problems/", views.problems, name="problems"),
    path("problems/<slug:code>", views.problem, name="problem"),
]
