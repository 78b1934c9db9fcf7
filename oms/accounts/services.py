"""Credentials of machines: made here, shown once, and withdrawn."""

import secrets
from datetime import datetime

from django.db import transaction

from oms.accounts.choices import CredentialKind
from oms.accounts.models import ApiClient, Credential
from oms.kernel import crypto, errors, sealed
from oms.kernel.actors import Actor

SECRET_BYTES = 32
# Kinds whose wire needs the secret back, because requests are signed with it.
SIGNING = frozenset({CredentialKind.OMS4})


class ClientInactive(errors.Conflict):
    """An inactive client gets no new credentials."""

    code = "client_inactive"


class CredentialNotFound(errors.NotFound):
    """No such credential, or not one of the actor's organization."""

    code = "credential_not_found"


class CredentialRevoked(errors.Conflict):
    """It was revoked before; that is final."""

    code = "credential_revoked"


def issue_credential(
    *, client: ApiClient, kind: CredentialKind, actor: Actor
) -> tuple[Credential, str]:
    """Make a key and a secret for a machine; the secret is returned this once and never again.

    Secrets that sign requests are sealed, all others kept as a keyed hash. Refuses an inactive
    client (ClientInactive) and one of another organization (CredentialNotFound).
    """
    if actor.organization_id not in {None, client.organization_id}:
        raise CredentialNotFound("No such client.")
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with transaction.atomic():
        owner = ApiClient.objects.select_for_update(no_key=True).get(pk=client.pk)
        if not owner.is_active:
            raise ClientInactive(f"{owner.name} is not active.")
        credential = Credential(
            client=owner,
            organization_id=owner.organization_id,
            kind=kind,
            identifier=f"{kind.lower()}_{secrets.token_hex(10)}",
        )
        if kind in SIGNING:
            sealed.write(credential, "secret", secret)
        else:
            credential.digest = crypto.fingerprint(secret, purpose=f"credential.{kind}")
        credential.save(force_insert=True)
    return credential, secret


def revoke_credential(*, credential: Credential, actor: Actor, now: datetime) -> None:
    """Withdraw a credential for good. Refuses a second time: CredentialRevoked."""
    if actor.organization_id not in {None, credential.organization_id}:
        raise CredentialNotFound("No such credential.")
    live = Credential.objects.filter(pk=credential.pk, revoked_at__isnull=True)
    if not live.update(revoked_at=now, updated_at=now):
        raise CredentialRevoked(f"{credential.identifier} was revoked before.")
