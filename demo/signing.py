"""How a request to the OMS4 Open API is signed."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Credentials:
    """The key of one sales channel or one fulfillment point."""

    tenant_id: str
    api_key: str
    secret: str


def string_to_sign(
    path: str,
    credentials: Credentials,
    timestamp: int,
    *,
    query: Iterable[tuple[str, str]] = (),
    body: bytes = b"",
) -> bytes:
    """The bytes under the signature: path, sorted names and values, then the body as sent."""
    parameters = [
        ("tenant_id", credentials.tenant_id),
        ("api_key", credentials.api_key),
        ("timestamp", str(timestamp)),
        *query,
    ]
    parameters.sort(key=lambda pair: pair[0])
    return (path + "".join(name + value for name, value in parameters)).encode() + body


def sign(
    path: str,
    credentials: Credentials,
    timestamp: int,
    *,
    query: Iterable[tuple[str, str]] = (),
    body: bytes = b"",
) -> str:
    """Lower-case hex of HMAC-SHA256 under the secret."""
    text = string_to_sign(path, credentials, timestamp, query=query, body=body)
    return hmac.new(credentials.secret.encode(), text, hashlib.sha256).hexdigest()
