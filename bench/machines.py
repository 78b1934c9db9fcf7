"""A machine of the whole organization, as integrators of /v1 have one."""

from django.utils import timezone

from bench import world
from oms.accounts import services as accounts
from oms.accounts.choices import ClientKind, CredentialKind
from oms.accounts.models import ApiClient, Organization
from oms.kernel.actors import SYSTEM

_SCOPES = ["orders:read", "orders:write", "inventory:read", "inventory:write"]


def key() -> str:
    """A new key each time, which may do all that is measured; the ones before are revoked."""
    client, _ = ApiClient.objects.get_or_create(
        organization=Organization.objects.get(code=world.ORGANIZATION),
        name="bulk",
        defaults={"kind": ClientKind.ORGANIZATION, "rate_limit": 0, "scopes": _SCOPES},
    )
    for old in client.credentials.filter(revoked_at__isnull=True):
        accounts.revoke_credential(credential=old, actor=SYSTEM, now=timezone.now())
    _credential, made = accounts.issue_credential(
        client=client, kind=CredentialKind.API_KEY, actor=SYSTEM, now=timezone.now()
    )
    return made
