"""Credentials of machines: made here, shown once, and withdrawn."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from ipaddress import ip_network

from django.db import transaction
from django.db.models import Q

from oms.accounts import keys
from oms.accounts.choices import CredentialKind
from oms.accounts.models import ApiClient, Credential, Organization
from oms.kernel import crypto, errors, sealed
from oms.kernel.actors import Actor

SECRET_BYTES = 32
MOST_API_KEYS = 10
# Kinds whose wire needs the secret back, because requests are signed with it.
SIGNING = frozenset({CredentialKind.OMS4})
# Kinds whose machines give a user name, made from what they serve.
USERNAMED = frozenset({CredentialKind.INCREFF, CredentialKind.LOGIN})


class ClientInactive(errors.Conflict):
    """An inactive client gets no new credentials."""

    code = "client_inactive"


class TooManyApiKeys(errors.Conflict):
    """An organization has at most MOST_API_KEYS keys that are neither revoked nor expired."""

    code = "too_many_api_keys"


class NetworkMalformed(errors.InvalidInput):
    """What a credential may be used from is not an address or a network in CIDR form."""

    code = "network_malformed"


class CredentialNotFound(errors.NotFound):
    """No such credential, or not one of the actor's organization."""

    code = "credential_not_found"


class CredentialRevoked(errors.Conflict):
    """It was revoked before; that is final."""

    code = "credential_revoked"


def issue_credential(
    *,
    client: ApiClient,
    kind: CredentialKind,
    actor: Actor,
    now: datetime,
    expires_at: datetime | None = None,
    networks: Sequence[str] = (),
) -> tuple[Credential, str]:
    """Make a key and a secret for a machine; the secret is returned this once and never again.

    Of an API key, it is the whole key. Secrets that sign requests are sealed, all others kept as
    a keyed hash. Refuses an inactive client (ClientInactive), one of another organization
    (CredentialNotFound), an organization's eleventh API key (TooManyApiKeys), and what is no
    network (NetworkMalformed).
    """
    if actor.organization_id not in {None, client.organization_id}:
        raise CredentialNotFound("No such client.")
    with transaction.atomic():
        owner = ApiClient.objects.select_for_update(no_key=True).get(pk=client.pk)
        if not owner.is_active:
            raise ClientInactive(f"{owner.name} is not active.")
        identifier, secret = _new_secret(kind, owner, now=now)
        credential = Credential(
            client=owner,
            organization_id=owner.organization_id,
            kind=kind,
            identifier=identifier,
            expires_at=expires_at,
            networks=[_network(text) for text in networks],
        )
        if kind in SIGNING:
            sealed.write(credential, "secret", secret)
        else:
            credential.digest = crypto.fingerprint(secret, purpose=f"credential.{kind}")
        credential.save(force_insert=True)
    return credential, secret


def _new_secret(kind: CredentialKind, owner: ApiClient, *, now: datetime) -> tuple[str, str]:
    """What a new credential is found by, and what it proves itself with."""
    if kind in USERNAMED:
        return _username(owner, kind), secrets.token_urlsafe(SECRET_BYTES)
    if kind == CredentialKind.TOKEN:
        token = secrets.token_hex(SECRET_BYTES)
        return token_identifier(kind, token), token
    if kind != CredentialKind.API_KEY:
        return f"{kind.lower()}_{secrets.token_hex(10)}", secrets.token_urlsafe(SECRET_BYTES)
    # The organization's row is the lock under which its keys are counted.
    organization = Organization.objects.select_for_update(no_key=True).get(pk=owner.organization_id)
    live = Credential.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=now),
        organization=organization,
        kind=kind,
        revoked_at__isnull=True,
    )
    if live.count() >= MOST_API_KEYS:
        raise TooManyApiKeys(f"An organization has at most {MOST_API_KEYS} active API keys.")
    key = keys.new_key(is_test=organization.is_test)
    return key.identifier, key.text


def token_identifier(kind: str, token: str) -> str:
    """What a token is found by: it has no name beside itself, so a hash that tells nothing."""
    return crypto.fingerprint(token, purpose=f"identifier.{kind}").hex()[:32]


def _username(owner: ApiClient, kind: CredentialKind) -> str:
    """`<channel code>-<client>`, with one more number while an older credential has that.

    Revoked ones keep theirs: whoever still uses one is not let in by a new password's hash.
    """
    code = owner.channel.code if owner.channel else owner.organization.code
    name = f"{code}-{owner.pk}"
    before = Credential.objects.filter(client=owner, kind=kind).count()
    return f"{name}-{before + 1}" if before else name


def _network(text: str) -> str:
    try:
        return str(ip_network(text.strip(), strict=False))
    except ValueError as error:
        raise NetworkMalformed("A network is written like 203.0.113.0/24.") from error


def revoke_credential(*, credential: Credential, actor: Actor, now: datetime) -> None:
    """Withdraw a credential for good. Refuses a second time: CredentialRevoked."""
    if actor.organization_id not in {None, credential.organization_id}:
        raise CredentialNotFound("No such credential.")
    live = Credential.objects.filter(pk=credential.pk, revoked_at__isnull=True)
    if not live.update(revoked_at=now, updated_at=now):
        raise CredentialRevoked(f"{credential.identifier} was revoked before.")
