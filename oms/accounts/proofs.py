"""How a credential's secret is kept, and how a presented one is compared with it.

OMS4 signs with the secret, so it is sealed and can be read back. Everything else only has to be
recognised: a keyed hash, bound to its kind and identifier. A token has no name beside itself, so
its identifier is a hash as well, which finds it by index without telling anything.
"""

import hmac

from oms.accounts.choices import CredentialKind
from oms.accounts.models import Credential
from oms.kernel import crypto, sealed

SEALED = frozenset({CredentialKind.OMS4})


def identifier_of(kind: str, token: str) -> str:
    """What a token or API key is found by."""
    return crypto.fingerprint(token, purpose=f"credential.{kind}").hex()[:32]


def set_proof(credential: Credential, secret: str) -> None:
    """Put a secret into an unsaved or loaded credential; the caller saves it."""
    if credential.kind in SEALED:
        sealed.write(credential, "secret", secret)
    else:
        credential.digest = _digest(credential, secret)


def is_proof(credential: Credential, secret: str) -> bool:
    """Whether this is the credential's secret, compared in constant time."""
    if credential.kind in SEALED:
        known = sealed.read(credential, "secret")
        return hmac.compare_digest(known.encode(), secret.encode())
    return hmac.compare_digest(bytes(credential.digest or b""), _digest(credential, secret))


def readable(credential: Credential) -> str | None:
    """The secret itself, where it is kept; None where only its hash is."""
    return sealed.read(credential, "secret") if credential.kind in SEALED else None


def _digest(credential: Credential, secret: str) -> bytes:
    purpose = f"credential.{credential.kind}.{credential.identifier}"
    return crypto.fingerprint(secret, purpose=purpose)
