"""Who calls: an API key or an access token (contract 4.2)."""

import datetime as dt
import ipaddress
from functools import lru_cache

from django.http import HttpRequest
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from oms.accounts import keys, proofs, tokens, usage
from oms.accounts import queries as accounts
from oms.accounts.choices import CredentialKind
from oms.accounts.queries import MachineIdentity
from oms.api.v1.road.problems import Problem

CHALLENGE = "Bearer"
_LONGEST = 512

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class MachineAuth(BaseAuthentication):
    """Lets in whoever has a live API key or access token. Raises 401 and 403 problems."""

    def authenticate(self, request: Request) -> tuple[MachineIdentity, MachineIdentity]:
        """The machine behind the call, before anything else of it is looked at."""
        token, key = _given(request)
        now = timezone.now()
        machine = _of_key(key, now=now) if key else _of_token(token, now=now)
        if machine is None or not machine.is_active:
            raise unauthenticated()
        if not _may_come_from(machine.networks, request.META.get("REMOTE_ADDR", "")):
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


def _of_key(text: str, *, now: dt.datetime) -> MachineIdentity | None:
    """Whose key it is. One that cannot be a key is known for that without the database."""
    key = keys.parse(text)
    if key is None:
        return None
    machine = accounts.machine(kind=CredentialKind.API_KEY, tenant="", key=key.identifier)
    if machine is None or not proofs.is_machines(machine, CredentialKind.API_KEY, text):
        return None
    is_over = machine.expires_at is not None and machine.expires_at <= now
    return None if is_over else machine


def _of_token(text: str, *, now: dt.datetime) -> MachineIdentity | None:
    try:
        return tokens.machine_of_token(text, now=now)
    except tokens.TokenExpired as refusal:
        raise unauthenticated("token_expired") from refusal


def _may_come_from(networks: tuple[str, ...], address: str) -> bool:
    if not networks:
        return True
    try:
        caller = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(caller, ipaddress.IPv6Address) and caller.ipv4_mapped:
        caller = caller.ipv4_mapped
    return any(caller in network for network in _parsed(networks))


@lru_cache(maxsize=1_000)
def _parsed(networks: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(text) for text in networks)
