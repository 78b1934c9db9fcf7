"""OAuth2 client credentials: django-oauth-toolkit speaks the protocol, our credentials decide.

A client id is the identifier of a credential of kind OAUTH2, its secret is compared with the
credential's keyed hash. Only hashes of tokens are stored.
"""

import secrets
from typing import Any

from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes

from oms.accounts import keys, proofs, scopes
from oms.accounts.choices import CredentialKind
from oms.accounts.models import Credential, OAuthApplication
from oms.accounts.queries import live_by_identifier

TOKEN_PREFIX = "oat_"  # noqa: S105 - not a secret
_TOKEN_LENGTH = 43  # of 62 letters each: 256 bits


def new_token(_request: Any) -> str:
    """An access token that nobody has."""
    return TOKEN_PREFIX + "".join(secrets.choice(keys.ALPHABET) for _ in range(_TOKEN_LENGTH))


class MachineScopes(BaseScopes):
    """A client gets the scopes of /v1 that its machine has; all of them when it asks for none."""

    def get_all_scopes(self) -> dict[str, str]:
        """Every scope of /v1."""
        return dict.fromkeys(sorted(scopes.V1), "")

    def get_available_scopes(self, application: Any = None, *_: Any, **__: Any) -> list[str]:
        """What this client may ask for."""
        return granted(application.credential) if application else []

    def get_default_scopes(self, application: Any = None, *_: Any, **__: Any) -> list[str]:
        """What it gets when it asks for nothing."""
        return self.get_available_scopes(application)


class MachineValidator(OAuth2Validator):
    """Finds clients among our credentials."""

    def _load_application(self, client_id: str, request: Any) -> OAuthApplication | None:
        known = request.client
        if isinstance(known, OAuthApplication) and known.client_id == client_id:
            return known
        found = request.client = _application(client_id)
        return found

    def _check_secret(self, provided_secret: str, stored_secret: str) -> bool:
        return proofs.is_digest(CredentialKind.OAUTH2, provided_secret, stored_secret)


def granted(credential: Credential) -> list[str]:
    """The scopes of /v1 the credential's machine has."""
    client = credential.client
    return sorted(scopes.V1 & scopes.scopes_of(kind=client.kind, named=client.scopes))


def _application(client_id: str) -> OAuthApplication | None:
    """The toolkit's row of a live credential; its secret is the credential's hash, not stored."""
    credential = live_by_identifier(kind=CredentialKind.OAUTH2, identifier=client_id)
    if credential is None or not credential.client.is_active:
        return None
    application, _ = OAuthApplication.objects.get_or_create(
        credential=credential,
        defaults={
            "client_id": client_id,
            "name": credential.client.name,
            "client_type": OAuthApplication.CLIENT_CONFIDENTIAL,
            "authorization_grant_type": OAuthApplication.GRANT_CLIENT_CREDENTIALS,
            "client_secret": "",
            "hash_client_secret": False,
        },
    )
    application.credential = credential
    application.client_secret = bytes(credential.digest or b"").hex()
    return application
