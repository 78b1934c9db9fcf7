from django.urls import path

from oms.api.v1.customers import problems, views

problems.register_refusals()

urlpatterns = [
    path("customers", views.CustomerCollection.as_view()),
    path("customers/<str:customer_id>", views.CustomerResource.as_view()),
    path("customers/<str:customer_id>/erasure", views.CustomerErasure.as_view()),
    path("customers/<str:customer_id>/personal-data", views.CustomerPersonalData.as_view()),
]
