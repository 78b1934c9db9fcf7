"""Who sends us news: by a token, or by a signature under a secret of the organization (2.3).

A hook that cannot carry a header is told a secret instead: `inbound_secret` of
`OMNITRON_SYNC_SETTINGS`. Where a secret is set, a signature that comes must be right, token or not.
"""

import hashlib
import hmac
from collections.abc import Iterator

from django.conf import settings
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from oms.accounts import app_settings
from oms.accounts.choices import ClientKind
from oms.accounts.queries import MachineIdentity
from oms.api.akinon.auth import TokenAuth
from oms.api.akinon.sync.configuration import SYNC, organizations
from oms.api.base import bodies
from oms.kernel import walls
from oms.kernel.actors import Actor

HEADER = "HTTP_X_WHISPERER_SIGNATURE"
SECRET = "inbound_secret"  # noqa: S105 - the name of a member
_SCOPES = frozenset({"orders:write"})
_MOST_BYTES = 10 * 1024 * 1024


class ReceiverAuth(TokenAuth):
    """A token lets in; without one, a good signature does."""

    def authenticate(self, request: Request) -> tuple[MachineIdentity, MachineIdentity]:
        """Raises AuthenticationFailed, also for a token beside a signature that is wrong."""
        signature = request.META.get(HEADER, "")
        if request.META.get("HTTP_AUTHORIZATION", "").strip():
            machine, _ = super().authenticate(request)
            walls.outside()  # the thread may still be inside of whoever called before
            secret = _secret_of(machine.organization_id) if signature else ""
            if secret and not _is_good(signature, secret, _body(request)):
                raise AuthenticationFailed
            return machine, machine
        walls.outside()  # whose message it is shows only by its signature
        found = next(_signers(signature, _body(request)), None) if signature else None
        if found is None:
            raise AuthenticationFailed
        machine = _sender(found)
        return machine, machine


def _signers(signature: str, body: bytes) -> Iterator[int]:
    """Organizations whose secret made this signature."""
    for organization_id in organizations():
        secret = _secret_of(organization_id)
        if secret and _is_good(signature, secret, body):
            yield organization_id


def _is_good(signature: str, secret: str, body: bytes) -> bool:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(signature.encode(), f"sha256={digest}".encode())


def _secret_of(organization_id: int) -> str:
    value = app_settings.value_of(organization_id=organization_id, key=SYNC)
    said = value.get(SECRET) if isinstance(value, dict) else None
    return said if isinstance(said, str) else ""


def _body(request: Request) -> bytes:
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or _MOST_BYTES
    return bodies.body_of(request._request, most=most)  # noqa: SLF001 - what the framework wraps


def _sender(organization_id: int) -> MachineIdentity:
    """The other side, as a machine of the organization that may do nothing but send news."""
    return MachineIdentity(
        actor=Actor(kind="connector", ref="omnitron", organization_id=organization_id),
        organization_id=organization_id,
        client_id=0,
        kind=ClientKind.ORGANIZATION,
        key="inbound",
        scopes=_SCOPES,
        is_active=True,
        secret="",
    )
