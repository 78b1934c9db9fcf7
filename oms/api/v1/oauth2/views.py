"""The token endpoint."""

import base64
import binascii
import functools
import hashlib
from math import ceil
from typing import Any
from urllib.parse import unquote_plus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample
from oauth2_provider.oauth2_backends import OAuthLibCore
from rest_framework.request import Request

from oms.api.base.throttling import Rate, limiter
from oms.api.v1.oauth2.outputs import OAuthErrorOutput, TokenInput, TokenOutput
from oms.api.v1.road import documents
from oms.api.v1.road.problems import Problem
from oms.api.v1.road.schema import described
from oms.api.v1.road.throttling import rate_headers
from oms.api.v1.road.views import JSON, V1View

FORM = "application/x-www-form-urlencoded"
EXAMPLE = OpenApiExample(
    "For reading orders",
    request_only=True,
    media_type=FORM,
    value={
        "grant_type": "client_credentials",
        "client_id": "oauth2_0123456789abcdef0123",
        "client_secret": "...",
        "scope": "orders:read",
    },
)
PER_CLIENT = Rate(per_second=0.5, burst=30)


class TokenView(V1View):
    """Gives an access token for client credentials.

    Failures of the protocol have the form of RFC 6749, all others are problems. Calls are limited
    by the client they name, whoever sends them; while the limit cannot be kept, none passes.
    """

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()
    needs_key = False
    body_limit = 16 * 1024
    consumes = (FORM,)

    @described(
        operation_id="createToken",
        summary="Get an access token by client credentials",
        request={FORM: TokenInput},
        responses={
            200: TokenOutput,
            (400, JSON): OAuthErrorOutput,
            (401, JSON): OAuthErrorOutput,
        },
        examples=[EXAMPLE],
    )
    def post(self, _request: Request) -> HttpResponse:
        """RFC 6749, section 4.4."""
        self.check_media_type()
        documents.body_of(self.plain, most=self.body_limit)
        self._limit(_client_of(self.plain))
        _uri, headers, body, status = _core().create_token_response(self.plain)
        response = HttpResponse(body, status=status, content_type=JSON)
        for name, value in headers.items():
            response.headers[name] = value
        response.headers["Cache-Control"] = "no-store"
        return response

    def _limit(self, client_id: str) -> None:
        key = f"v1:token:{hashlib.sha256(client_id.encode()).hexdigest()[:32]}"
        standing = limiter(settings.OMS_REDIS_URL).ask_valkey(key, PER_CLIENT)
        if standing is None:
            raise Problem(503, "service_unavailable", headers={"Retry-After": "5"})
        self.rate_headers = rate_headers(PER_CLIENT, standing)
        if standing.wait:
            wait = str(max(1, ceil(standing.wait)))
            raise Problem(
                429,
                "rate_limited",
                _("At most 30 tokens a minute are given to a client."),
                headers={"Retry-After": wait},
            )


@functools.cache
def _core() -> Any:
    return OAuthLibCore()


def _client_of(request: HttpRequest) -> str:
    """The client a call names, by HTTP Basic or in the form; it proves nothing yet."""
    scheme, _separator, encoded = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "basic":
        return request.POST.get("client_id", "")
    try:
        named = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return unquote_plus(named.partition(":")[0])
