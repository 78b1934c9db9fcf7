"""The signatures of sections 1.4 and 6.1."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Key:
    """What the operator of an installation gave to one channel or point."""

    tenant_id: str
    api_key: str
    secret: str = field(repr=False)


def text_to_sign(path: str, parameters: Iterable[tuple[str, str]], body: bytes) -> bytes:
    """Path, then names and values sorted by name, then the body byte for byte."""
    pairs = "".join(name + value for name, value in sorted(parameters, key=lambda pair: pair[0]))
    return (path + pairs).encode() + body


def signature(secret: str, text: bytes) -> str:
    """Lower-case hex of HMAC-SHA256."""
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def push_signature(key: Key, body: bytes) -> str:
    """What the `Authorization` header of a push holds."""
    return signature(key.secret, key.api_key.encode() + body)
