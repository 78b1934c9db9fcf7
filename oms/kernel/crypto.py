"""Authenticated encryption of single values (docs/adr/0004).

A sealed value is `v1.<key id>.` followed by a 12-byte nonce and the AES-256-GCM ciphertext. The
associated data names the place (`app.model.field.key`), so a value moved to another row or
column does not open. Whatever does not open raises: nothing is ever returned unopened.
"""

import base64
import binascii
import hashlib
import hmac
import os
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_NONCE = 12
_KEY = 32


class SealBroken(Exception):
    """The stored bytes are not what was sealed for this place, or their key is gone."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys by id; the first one seals, all of them open."""

    keys: tuple[tuple[str, AESGCM], ...]

    @classmethod
    def parse(cls, text: str) -> "KeyRing":
        """Read `id:base64,id:base64`; anything else refuses start-up without showing the text."""
        keys = []
        for entry in filter(None, (part.strip() for part in text.split(","))):
            key_id, _, encoded = entry.partition(":")
            try:
                key = base64.b64decode(encoded, validate=True)
            except binascii.Error as exc:
                raise ImproperlyConfigured(
                    "OMS_FIELD_KEYS holds a key that is not base64."
                ) from exc
            if not key_id.isalnum() or len(key) != _KEY:
                raise ImproperlyConfigured("OMS_FIELD_KEYS needs id:key pairs with 32-byte keys.")
            keys.append((key_id, AESGCM(key)))
        if not keys:
            raise ImproperlyConfigured("OMS_FIELD_KEYS holds no key.")
        return cls(tuple(keys))

    def seal(self, plain: bytes, *, place: str) -> bytes:
        """Encrypt for one place."""
        key_id, cipher = self.keys[0]
        nonce = os.urandom(_NONCE)
        return b"v1.%s.%s%s" % (
            key_id.encode(),
            nonce,
            cipher.encrypt(nonce, plain, place.encode()),
        )

    def open(self, sealed: bytes, *, place: str) -> bytes:
        """Decrypt what was sealed for this place, or raise SealBroken."""
        version, _, rest = bytes(sealed).partition(b".")
        key_id, _, body = rest.partition(b".")
        cipher = dict(self.keys).get(key_id.decode("ascii", "replace"))
        if version != b"v1" or cipher is None or len(body) <= _NONCE:
            raise SealBroken(f"{place}: not a sealed value, or its key is not in the ring")
        try:
            return cipher.decrypt(body[:_NONCE], body[_NONCE:], place.encode())
        except InvalidTag as exc:
            raise SealBroken(f"{place}: the seal is broken") from exc


@lru_cache(maxsize=8)
def _ring(text: str) -> KeyRing:
    return KeyRing.parse(text)


def seal(plain: bytes, *, place: str) -> bytes:
    """Encrypt with the installation's first key."""
    return _ring(settings.OMS_FIELD_KEYS).seal(plain, place=place)


def unseal(sealed: bytes, *, place: str) -> bytes:
    """Decrypt, or raise SealBroken."""
    return _ring(settings.OMS_FIELD_KEYS).open(sealed, place=place)


@lru_cache(maxsize=4)
def _pepper(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def fingerprint(value: str, *, purpose: str) -> bytes:
    """A keyed hash: for secrets that need no way back, and for exact search in sealed columns."""
    key = _pepper(settings.OMS_TOKEN_PEPPER)
    return hmac.new(key, f"{purpose}\0{value}".encode(), hashlib.sha256).digest()
