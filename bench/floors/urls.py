"""Two floors and a probe."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from bench.floors.decoded import place_order
from bench.floors.serialized import PlaceOrder


def probe(_request: HttpRequest) -> HttpResponse:
    """Whether the server answers."""
    return HttpResponse("ok")


urlpatterns = [
    path("probe", probe),
    path("f1", PlaceOrder.as_view()),
    path("f2", place_order),
]
