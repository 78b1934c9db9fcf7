"""User name and password for a token (contract 0.3, 3.3, 12a.10): as JSON, or as the form that the
sender of hooks posts before each message.
"""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.http import HttpResponse, QueryDict
from rest_framework.permissions import AllowAny, BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from oms.accounts import logins
from oms.api.akinon import errors
from oms.api.akinon.settings import LOGIN_RATE, token_lifetime
from oms.api.akinon.views.base import AkinonView
from oms.api.base.throttling import limiter

FORM = "application/x-www-form-urlencoded"


class AddressThrottle(BaseThrottle):
    """How often one address may fail. Who knows the password may log in as often as he likes:
    a hook does before each message.
    """

    def __init__(self) -> None:
        self._wait = 0.0

    def allow_request(self, request: Request, _view: APIView) -> bool:
        self._wait = limiter(settings.OMS_REDIS_URL).look(_address(request), LOGIN_RATE)
        return self._wait == 0

    def wait(self) -> float:
        """Seconds until the next try may pass."""
        return self._wait


class LogIn(AkinonView):
    authentication_classes = ()
    permission_classes: Sequence[type[BasePermission]] = (AllowAny,)
    throttle_classes: Sequence[type[BaseThrottle]] = (AddressThrottle,)

    def post(self, request: Request) -> HttpResponse:
        """200 with the token; 400 for wrong credentials, never 401; 429 after many of those."""
        kind = (request.content_type or "").partition(";")[0].strip().lower()
        given = self._form() if kind == FORM else self.document()
        texts = {name: given.get(name) for name in ("username", "password")}
        missing = {
            name: "This field is required."
            for name, value in texts.items()
            if not isinstance(value, str) or not value
        }
        if missing:
            raise errors.invalid_fields(missing, code="required")
        return self.done({"key": self._token(str(texts["username"]), str(texts["password"]))})

    def _form(self) -> Mapping[str, str | list[object]]:
        try:
            return QueryDict(self.body(), encoding="utf-8")
        except TooManyFieldsSent as error:
            raise errors.detail(400, "Form parse error.", code="parse_error") from error

    def _token(self, username: str, password: str) -> str:
        try:
            return logins.log_in(
                username=username,
                password=password,
                now=self.real_now,
                lifetime=token_lifetime(),
            )
        except logins.WrongCredentials:
            limiter(settings.OMS_REDIS_URL).take(_address(self.request), LOGIN_RATE)
            raise


def _address(request: Request) -> str:
    return f"akinon-login:{request.META.get('REMOTE_ADDR', '')}"
