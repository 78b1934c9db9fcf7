"""How a credential's secret is kept, and how a given one is compared with it.

Kinds that sign with the secret have it sealed, so that it can be read back. Everything else only
has to be recognised: a keyed hash. A token has no name beside itself, so its identifier is a hash
as well, which finds it by index and tells nothing.
"""

import hmac

from oms.accounts.models import Credential
from oms.accounts.services import SIGNING
from oms.kernel import crypto, sealed


def identifier_of(kind: str, token: str) -> str:
    """What a token or API key is found by."""
    return crypto.fingerprint(token, purpose=f"identifier.{kind}").hex()[:32]


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


def readable(credential: Credential) -> str | None:
    """The secret itself, where it is kept; None where only its hash is."""
    return sealed.read(credential, "secret") if credential.kind in SIGNING else None


def _digest(credential: Credential, secret: str) -> bytes:
    return crypto.fingerprint(secret, purpose=f"credential.{credential.kind}")
