"""Which carriers there are, by code."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from fulfillment.carriers.base import Carrier, FollowedCarrier
from fulfillment.carriers.own.adapter import OwnCarrier

OWN = "oms"

# Whoever makes shipments by an organization's own settings: `extension:`, its key, and a code.
EXTENSION = "extension:"

# Carriers people know by these codes. Until one is connected its labels are made here.
NAMED = frozenset({"ghn", "ghtk", "spx", "lex", "jt", "viettel_post", "vnpost", "platform"})
SELF, OTHER, PLATFORM = "self", "other", "platform"
WITHOUT_LABEL = frozenset({SELF, OTHER})  # whoever ships brings the paper, too

_carriers: dict[str, Carrier] = {OWN: OwnCarrier()}


class Extensions(Protocol):
    """Carriers that organizations connect by their settings."""

    def code_for(self, name: str, *, organization_id: int) -> str | None:
        """Who makes labels for a carrier of this name; None where nobody is connected.

        Asked for every label, so it costs no statement in general.
        """

    def carrier(self, code: str) -> FollowedCarrier:
        """The carrier of a code. Raises LookupError where it is not connected any more."""


_extensions: list[Extensions] = []


def plug_extensions(extensions: Extensions) -> None:
    """Name who knows the carriers of organizations; called once, from AppConfig."""
    _extensions[:] = [extensions]


def followed(code: str) -> FollowedCarrier:
    """The carrier of a code that begins with EXTENSION. Raises LookupError."""
    if not _extensions:
        raise LookupError(code)
    return _extensions[0].carrier(code)


def wants_details(code: str) -> bool:
    """Whether a carrier makes a shipment of its own, and is told all about the parcel."""
    return code.startswith(EXTENSION)


def get(code: str) -> Carrier:
    """The carrier of a document. Raises LookupError for a code nobody registered."""
    return followed(code) if wants_details(code) else _carriers[code]


def code_for(name: str, *, organization_id: int | None = None) -> str:
    """Who makes labels for a carrier of this name: itself if it is connected, otherwise we do.

    What the organization connected by its settings comes first.
    """
    if organization_id is not None:
        for extensions in _extensions:
            if found := extensions.code_for(name, organization_id=organization_id):
                return found
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
