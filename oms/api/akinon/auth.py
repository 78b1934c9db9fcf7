"""Who calls: `Authorization: Token <key>`, or `Bearer <key>` (contract 0.3).

A key is a fixed token of a client, or one that was traded for a user name and its password. A
client of the whole organization whose scopes are not named may do everything of this language;
one that serves a channel or a point what its kind may.
"""

from dataclasses import replace

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from oms.accounts import logins, usage
from oms.accounts.choices import ClientKind
from oms.accounts.queries import MachineIdentity
from oms.api.base import api_keys

SCHEMES = ("token", "bearer")
LONGEST = 512

# All that views of this language ask for.
EVERYTHING = frozenset(
    {
        "orders:read",
        "orders:write",
        "inventory:read",
        "inventory:write",
        "shipments:read",
        "shipments:write",
        "events:read",
        "webhooks:manage",
        "settings:manage",
    }
)


class TokenAuth(BaseAuthentication):
    """Lets in whoever has a live token."""

    def authenticate(self, request: Request) -> tuple[MachineIdentity, MachineIdentity]:
        """Raises AuthenticationFailed before anything else of the call is looked at."""
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").strip().partition(" ")
        token = token.strip()
        if scheme.lower() not in SCHEMES or not 0 < len(token) <= LONGEST:
            raise AuthenticationFailed
        now = timezone.now()
        machine = logins.machine_of_token(token, now=now)
        if machine is None:
            raise AuthenticationFailed
        usage.note_use(machine, now=now)
        if machine.kind == ClientKind.ORGANIZATION and not machine.scopes:
            machine = replace(machine, scopes=EVERYTHING)
        return machine, machine

    def authenticate_header(self, _request: Request) -> str:
        return "Token"


class MayCall(BasePermission):
    """The machine is enabled and calls from where its credential allows."""

    def has_permission(self, request: Request, _view: APIView) -> bool:
        machine: MachineIdentity = request.auth  # type: ignore[assignment] # what `TokenAuth` left
        if not machine.is_active:
            self.message = "The client is disabled."
        elif not api_keys.may_come_from(machine.networks, request.META.get("REMOTE_ADDR", "")):
            self.message = "The token may not be used from this address."
        else:
            return True
        return False
