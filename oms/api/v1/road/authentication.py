"""Who calls: an API key or an access token (contract 4.2)."""

import datetime as dt

from django.http import HttpRequest
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from oms.accounts import keys, tokens, usage
from oms.accounts.queries import MachineIdentity
from oms.api.base import api_keys
from oms.api.v1.road.problems import Problem

CHALLENGE = "Bearer"
_LONGEST = 512


class MachineAuth(BaseAuthentication):
    """Lets in whoever has a live API key or access token. Raises 401 and 403 problems."""

    def authenticate(self, request: Request) -> tuple[MachineIdentity, MachineIdentity]:
        """The machine behind the call, before anything else of it is looked at."""
        token, key = _given(request)
        now = timezone.now()
        machine = api_keys.machine_of(key, now=now) if key else _of_token(token, now=now)
        if machine is None or not machine.is_active:
            raise unauthenticated()
        if not api_keys.may_come_from(machine.networks, request.META.get("REMOTE_ADDR", "")):
            raise Problem(403, "ip_not_allowed")
        usage.note_use(machine, now=now)
        return machine, machine

    def authenticate_header(self, _request: Request) -> str:
        return CHALLENGE


def unauthenticated(code: str = "unauthenticated", detail: str = "") -> Problem:
    """401, with the challenge of RFC 6750."""
    challenge = CHALLENGE if code == "unauthenticated" else f'{CHALLENGE} error="invalid_token"'
    return Problem(401, code, detail, headers={"WWW-Authenticate": challenge})


def _given(request: HttpRequest | Request) -> tuple[str, str]:
    """The access token or the API key of a call, the other one empty."""
    key = request.META.get("HTTP_X_API_KEY", "")
    given = request.META.get("HTTP_AUTHORIZATION", "")
    if len(key) > _LONGEST or len(given) > _LONGEST or (key and given):
        raise unauthenticated()
    scheme, _, value = given.partition(" ")
    token = value.strip() if scheme.lower() == "bearer" else ""
    if not key:
        key = next((text for text in (given, token) if text.startswith(keys.PREFIX)), "")
    if not key and not token:
        raise unauthenticated()
    return token, key


def _of_token(text: str, *, now: dt.datetime) -> MachineIdentity | None:
    try:
        return tokens.machine_of_token(text, now=now)
    except tokens.TokenExpired as refusal:
        raise unauthenticated("token_expired") from refusal
