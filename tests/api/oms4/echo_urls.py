from django.http import HttpRequest, JsonResponse
from django.urls import path


def echo(request: HttpRequest) -> JsonResponse:
    return JsonResponse(
        {
            "is_secure": request.is_secure(),
            "address": request.META["REMOTE_ADDR"],
            "host": request.get_host(),
            "headers": sorted(name for name in request.META if name.startswith("HTTP_")),
            "body": request.body.decode(),
        }
    )


urlpatterns = [path("echo", echo)]
