"""Who calls: the headers `authUsername` and `authPassword` (contract 1.2).

The credential decides the EFS channel; what its machine may see is by that channel's points, so
views take their actor from `IncreffView`, not from the machine. `authDomainName` is ignored.
"""

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from channels_app.choices import ChannelType
from oms.accounts import proofs, usage
from oms.accounts import queries as accounts
from oms.accounts.choices import ClientKind, CredentialKind
from oms.accounts.queries import MachineIdentity
from oms.api.base import api_keys

_USERNAME = "HTTP_AUTHUSERNAME"
_PASSWORD = "HTTP_AUTHPASSWORD"  # noqa: S105 - the name of a header
_LONGEST = 255


class PasswordAuth(BaseAuthentication):
    """Lets in whoever knows the password of the user name it gives."""

    def authenticate(self, request: Request) -> tuple[MachineIdentity, MachineIdentity]:
        """Raises AuthenticationFailed before anything else of the call is looked at."""
        name = request.META.get(_USERNAME, "")
        password = request.META.get(_PASSWORD, "")
        if not 0 < len(name) <= _LONGEST or not 0 < len(password) <= _LONGEST:
            raise AuthenticationFailed
        machine = accounts.machine(kind=CredentialKind.INCREFF, tenant="", key=name)
        if machine is None or not proofs.is_machines(machine, CredentialKind.INCREFF, password):
            raise AuthenticationFailed
        now = timezone.now()
        if machine.expires_at is not None and machine.expires_at <= now:
            raise AuthenticationFailed
        usage.note_use(machine, now=now)
        return machine, machine

    def authenticate_header(self, _request: Request) -> str:
        return "authUsername"


class MayCall(BasePermission):
    """The machine is enabled, of an EFS channel, and calls from where its credential allows."""

    def has_permission(self, request: Request, _view: APIView) -> bool:
        machine: MachineIdentity = request.auth  # type: ignore[assignment] # what `PasswordAuth` left
        if not machine.is_active:
            self.message = "The credential is disabled"
        elif machine.kind != ClientKind.CHANNEL or machine.channel_type != ChannelType.EFS:
            self.message = "The credential is not one of an external fulfilment system"
        elif not api_keys.may_come_from(machine.networks, request.META.get("REMOTE_ADDR", "")):
            self.message = "The credential may not be used from this address"
        else:
            return True
        return False
