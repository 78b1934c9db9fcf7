"""How a credential's secret is kept, and how a given one is compared with it.

Kinds that sign with the secret have it sealed, so that it can be read back. Everything else only
has to be recognised: a keyed hash. A token has no name beside itself, so its identifier is a hash
as well, which finds it by index and tells nothing.
"""

import hmac

from oms.accounts import keys
from oms.accounts.choices import CredentialKind
from oms.accounts.models import Credential
from oms.accounts.queries import MachineIdentity
from oms.accounts.services import SIGNING, token_identifier
from oms.kernel import crypto, errors, sealed


class ApiKeyMalformed(errors.InvalidInput):
    """A text that cannot be an API key."""

    code = "api_key_malformed"


def identifier_of(kind: str, token: str) -> str:
    """What a token or API key is found by. Refuses what cannot be a key: ApiKeyMalformed."""
    if kind == CredentialKind.API_KEY:
        key = keys.parse(token)
        if key is None:
            raise ApiKeyMalformed("This is no API key: its form or its check is wrong.")
        return key.identifier
    return token_identifier(kind, token)


def set_proof(credential: Credential, secret: str) -> None:
    """Put a secret into an unsaved or loaded credential; the caller saves it."""
    if credential.kind in SIGNING:
        sealed.write(credential, "secret", secret)
    else:
        credential.digest = _digest(credential, secret)


def is_proof(credential: Credential, secret: str) -> bool:
    """Whether this is the credential's secret, compared in constant time."""
    if credential.kind in SIGNING:
        known = sealed.read(credential, "secret")
        return hmac.compare_digest(known.encode(), secret.encode())
    return hmac.compare_digest(bytes(credential.digest or b""), _digest(credential, secret))


def is_machines(identity: MachineIdentity, kind: str, secret: str) -> bool:
    """The same for an identity at hand, for kinds of which only the hash is kept."""
    return hmac.compare_digest(identity.digest, _fingerprint(kind, secret))


def is_digest(kind: str, secret: str, digest: str) -> bool:
    """The same for a hash at hand, in hexadecimal."""
    return hmac.compare_digest(digest, _fingerprint(kind, secret).hex())


def readable(credential: Credential) -> str | None:
    """The secret itself, where it is kept; None where only its hash is."""
    return sealed.read(credential, "secret") if credential.kind in SIGNING else None


def _digest(credential: Credential, secret: str) -> bytes:
    return _fingerprint(credential.kind, secret)


def _fingerprint(kind: str, secret: str) -> bytes:
    return crypto.fingerprint(secret, purpose=f"credential.{kind}")
