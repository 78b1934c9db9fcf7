"""Sealing and opening a buyer's data. Shared by what writes it and what reads it."""

import re
from datetime import datetime
from typing import Any

import msgspec

from oms.kernel import crypto
from oms.orders import addresses

_PLACE = "orders.buyer.{column}.{key}"


def seal_contact(contact: object, *, key: object) -> bytes:
    """Seal a contact for one order, by its public id."""
    return crypto.seal(msgspec.json.encode(contact), place=_PLACE.format(column="contact", key=key))


def seal_body(body: bytes, *, key: object) -> bytes:
    """Seal what the channel sent, to the byte."""
    return crypto.seal(body, place=_PLACE.format(column="raw_body", key=key))


def open_contact(sealed: bytes, *, key: object) -> dict[str, Any]:
    """The contact's members; raises crypto.SealBroken."""
    plain = crypto.unseal(bytes(sealed), place=_PLACE.format(column="contact", key=key))
    members: dict[str, Any] = msgspec.json.decode(plain)
    if arrival := members.get("requested_arrival_at"):
        members["requested_arrival_at"] = datetime.fromisoformat(arrival)
    for name in ("ship_to", "bill_to"):
        members[name] = addresses.read(members.get(name))
    return members


def open_body(sealed: bytes, *, key: object) -> bytes:
    """The channel's bytes; raises crypto.SealBroken."""
    return crypto.unseal(bytes(sealed), place=_PLACE.format(column="raw_body", key=key))


def email_hash(email: str | None) -> bytes | None:
    """For exact search by e-mail address, whatever its letter case."""
    text = (email or "").strip().lower()
    return crypto.fingerprint(text, purpose="buyer.email") if text else None


def phone_hash(phone: str | None) -> bytes | None:
    """For exact search by phone number, whatever stands between its digits."""
    text = re.sub(r"[^0-9+]", "", phone or "")
    return crypto.fingerprint(text, purpose="buyer.phone") if text else None
