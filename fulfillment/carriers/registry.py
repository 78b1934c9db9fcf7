"""Which carriers there are, by code."""

from collections.abc import Iterator
from contextlib import contextmanager

from fulfillment.carriers.base import Carrier
from fulfillment.carriers.own.adapter import OwnCarrier

OWN = "oms"

# Carriers people know by these codes. Until one is connected its labels are made here.
NAMED = frozenset({"ghn", "ghtk", "spx", "lex", "jt", "viettel_post", "vnpost", "platform"})
SELF, OTHER, PLATFORM = "self", "other", "platform"
WITHOUT_LABEL = frozenset({SELF, OTHER})  # whoever ships brings the paper, too

_carriers: dict[str, Carrier] = {OWN: OwnCarrier()}


def get(code: str) -> Carrier:
    """The carrier of a document. Raises LookupError for a code nobody registered."""
    return _carriers[code]


def code_for(name: str) -> str:
    """Who makes labels for a carrier of this name: itself if it is connected, otherwise we do."""
    code = name.strip().lower()
    return code if code in _carriers else OWN


@contextmanager
def connected(code: str, carrier: Carrier) -> Iterator[None]:
    """Connect a carrier for a while, in place of what the code named before."""
    before = _carriers.get(code)
    _carriers[code] = carrier
    try:
        yield
    finally:
        del _carriers[code]
        if before is not None:
            _carriers[code] = before
