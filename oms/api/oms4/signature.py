"""The signature of a call (contract section 1.4)."""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from oms.api.oms4.calls import WireCall
from oms.api.oms4.documents import NotJson

Pair = tuple[str, str]


def string_to_sign(path: str, pairs: Iterable[Pair], body: bytes = b"") -> bytes:
    """Path, then every name and value in the order of the names, then the body."""
    ordered = sorted(pairs, key=_name)
    return (path + "".join([name + value for name, value in ordered])).encode() + body


def sign(secret: str, text: bytes) -> str:
    """Lower-case hex of HMAC-SHA256."""
    return hmac.digest(secret.encode(), text, hashlib.sha256).hex()


def matches(call: WireCall, *, headers: Sequence[Pair], secret: str, signature: str) -> bool:
    """True when the signature fits one of the strings the contract accepts for this call."""
    given = signature.lower().encode("ascii", "replace")
    fits = False
    for text in candidates(call, headers=headers):
        fits |= hmac.compare_digest(sign(secret, text).encode(), given)
    return fits


def candidates(call: WireCall, *, headers: Sequence[Pair]) -> Iterator[bytes]:
    """Every accepted string. A POST with a body and no query has exactly one: with the body."""
    for pairs in _readings(call):
        text = string_to_sign(call.path, [*headers, *pairs])
        yield text + call.body
        if call.body and (call.method == "GET" or pairs or call.query):
            yield text


def _readings(call: WireCall) -> list[list[Pair]]:
    """The query decoded and as in the URL, each with and without empty values; no duplicates."""
    if not call.query:
        return [[]]
    whole = [call.raw_pairs]
    with suppress(NotJson):  # what is not UTF-8 can be signed in its encoded form only
        whole.insert(0, call.pairs)
    readings: list[list[Pair]] = []
    for pairs in whole:
        for reading in (pairs, [pair for pair in pairs if pair[1]]):
            if reading not in readings:
                readings.append(reading)
    return readings


def _name(pair: Pair) -> str:
    return pair[0]
