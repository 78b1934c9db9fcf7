"""User name and password for a token (contract 0.3, 12a.10)."""

from collections.abc import Sequence

from django.conf import settings
from django.http import HttpResponse
from rest_framework.permissions import AllowAny, BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from oms.accounts import logins
from oms.api.akinon import errors
from oms.api.akinon.settings import LOGIN_RATE, token_lifetime
from oms.api.akinon.views.base import AkinonView
from oms.api.base.throttling import limiter


class AddressThrottle(BaseThrottle):
    """How often one address may try."""

    def __init__(self) -> None:
        self._wait = 0.0

    def allow_request(self, request: Request, _view: APIView) -> bool:
        key = f"akinon-login:{request.META.get('REMOTE_ADDR', '')}"
        self._wait = limiter(settings.OMS_REDIS_URL).take(key, LOGIN_RATE)
        return self._wait == 0

    def wait(self) -> float:
        """Seconds until the next try may pass."""
        return self._wait


class LogIn(AkinonView):
    authentication_classes = ()
    permission_classes: Sequence[type[BasePermission]] = (AllowAny,)
    throttle_classes: Sequence[type[BaseThrottle]] = (AddressThrottle,)

    def post(self, _request: Request) -> HttpResponse:
        """200 with the token; 400 for wrong credentials, never 401."""
        given = self.document()
        texts = {name: given.get(name) for name in ("username", "password")}
        missing = {
            name: "This field is required."
            for name, value in texts.items()
            if not isinstance(value, str) or not value
        }
        if missing:
            raise errors.invalid_fields(missing, code="required")
        token = logins.log_in(
            username=str(texts["username"]),
            password=str(texts["password"]),
            now=self.real_now,
            lifetime=token_lifetime(),
        )
        return self.done({"key": token})
