"""Cursors: where a list goes on, signed and bound to whose list it is and how it is filtered."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import msgspec

from oms.api.v1.road.problems import Problem
from oms.kernel import crypto

_MAC = 12  # bytes
_LONGEST = 1_000


def bound_to(*, organization_id: int, name: str, filters: Mapping[str, Any]) -> str:
    """What a cursor belongs to: the organization, the list, and the values of its filters."""
    told = msgspec.json.encode(filters, order="deterministic", enc_hook=str)
    return f"{organization_id}.{name}.{hashlib.sha256(told).hexdigest()}"


def sealed(place: list[Any], *, bound: str) -> str:
    """A cursor for a place: any JSON array."""
    plain = msgspec.json.encode(place)
    return base64.urlsafe_b64encode(_mac(plain, bound) + plain).decode().rstrip("=")


def opened(text: str, *, bound: str) -> list[Any]:
    """The place of a cursor. Damaged, invented, or of another list: 400 invalid_cursor."""
    try:
        raw = base64.b64decode(_padded(text), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise invalid() from error
    if len(text) > _LONGEST or not hmac.compare_digest(raw[:_MAC], _mac(raw[_MAC:], bound)):
        raise invalid()
    place: list[Any] = msgspec.json.decode(raw[_MAC:])
    return place


def invalid() -> Problem:
    """400 invalid_cursor."""
    return Problem(400, "invalid_cursor")


def _padded(text: str) -> str:
    return text + "=" * (-len(text) % 4)


def _mac(plain: bytes, bound: str) -> bytes:
    return crypto.fingerprint(f"{bound}\0{plain.decode('latin-1')}", purpose="cursor")[:_MAC]
