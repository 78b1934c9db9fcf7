"""The switches a client of this language may have, in its `preferences`."""

from enum import StrEnum

from oms.accounts.queries import MachineIdentity


class EventDateStyle(StrEnum):
    """How times of order events look: `...Z[UTC]`, or with offset and milliseconds."""

    ZONED = "ZONED"
    OFFSET = "OFFSET"


class DocumentMode(StrEnum):
    """How documents are handed over: by address, as base64, or both."""

    URL = "URL"
    BASE64 = "BASE64"
    BOTH = "BOTH"

    @property
    def has_url(self) -> bool:
        return self != DocumentMode.BASE64

    @property
    def has_content(self) -> bool:
        return self != DocumentMode.URL


DOCUMENT_MODE = "documentMode"


def document_mode(machine: MachineIdentity) -> DocumentMode:
    """How this client takes documents; what it was set to is not known: by address."""
    said = str(machine.preferences.get(DOCUMENT_MODE) or "").upper()
    return DocumentMode(said) if said in DocumentMode.__members__ else DocumentMode.URL
