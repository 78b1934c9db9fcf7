"""Ids of hooks and of their deliveries on the wire.

Clients want whole numbers and see no keys of the database. So the key, and of a hook the word, are
stirred with a keyed hash: a number is nobody's neighbour, and leads back without a table. A hook's
fits into 31 bits, a delivery's into 15 digits.
"""

from oms.kernel import crypto

_ROUNDS = 4
_HOOK_HALF = 15  # bits; of the whole, six are the word's
_EVENT_HALF = 24
_WORD_BITS = 6
MOST_WORDS = 1 << _WORD_BITS


def hook_number(endpoint_id: int, place: int) -> int:
    """Of an endpoint's hook for the word at this place of the registry."""
    return 1 + _stirred(endpoint_id << _WORD_BITS | place, "akinon.hook", _HOOK_HALF)


def hook_of(number: int) -> tuple[int, int] | None:
    """The endpoint and the place; None for a number no hook can have."""
    value = _settled(number - 1, "akinon.hook", _HOOK_HALF)
    return None if value is None else (value >> _WORD_BITS, value & MOST_WORDS - 1)


def event_number(delivery_id: int) -> int:
    """Of a delivery, as an entry of the log."""
    return 1 + _stirred(delivery_id, "akinon.hook_event", _EVENT_HALF)


def delivery_of(number: int) -> int | None:
    """The delivery; None for a number no entry can have."""
    return _settled(number - 1, "akinon.hook_event", _EVENT_HALF)


def _stirred(value: int, purpose: str, bits: int) -> int:
    """A permutation of the numbers of twice so many bits, by a balanced Feistel network."""
    left, right = value >> bits, value & (1 << bits) - 1
    if left >> bits:
        raise OverflowError("no number is left for such a key")
    for turn in range(_ROUNDS):
        left, right = right, left ^ _hashed(right, turn, purpose, bits)
    return left << bits | right


def _settled(value: int, purpose: str, bits: int) -> int | None:
    if not 0 <= value < 1 << 2 * bits:
        return None
    left, right = value >> bits, value & (1 << bits) - 1
    for turn in reversed(range(_ROUNDS)):
        left, right = right ^ _hashed(left, turn, purpose, bits), left
    return left << bits | right


def _hashed(half: int, turn: int, purpose: str, bits: int) -> int:
    found = crypto.fingerprint(f"{turn}.{half}", purpose=purpose)
    return int.from_bytes(found[:8]) & (1 << bits) - 1
