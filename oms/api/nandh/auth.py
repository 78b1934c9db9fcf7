"""Who calls: an API key of /v1 as the bare value of `Authorization` (contract 2.1)."""

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from oms.accounts import usage
from oms.accounts.queries import MachineIdentity
from oms.api.base import api_keys
from oms.api.nandh.errors import Refused

_LONGEST = 512


class RawKeyAuth(BaseAuthentication):
    """Lets in whoever has a live API key."""

    def authenticate(self, request: Request) -> tuple[MachineIdentity, MachineIdentity]:
        """Raises 401 and 403 before anything else of the call is looked at."""
        given = request.META.get("HTTP_AUTHORIZATION", "")
        now = timezone.now()
        machine = api_keys.machine_of(given, now=now) if 0 < len(given) <= _LONGEST else None
        if machine is None or not machine.is_active:
            raise AuthenticationFailed
        if not api_keys.may_come_from(machine.networks, request.META.get("REMOTE_ADDR", "")):
            raise Refused(403, "ip_not_allowed", "The API key may not be used from this address")
        usage.note_use(machine, now=now)
        return machine, machine

    def authenticate_header(self, _request: Request) -> str:
        return "ApiKey"
