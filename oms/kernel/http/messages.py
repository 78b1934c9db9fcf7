"""What is sent, what comes back, and how it can fail."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from oms.kernel.errors import InvalidInput

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t -~]*")
# These say how a message travels, which is the client's business.
_RESERVED = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)


class HeaderRefused(InvalidInput):
    """A header's name or value cannot be sent, or is not the caller's to set."""

    code = "header_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call. URL, headers and body may hold secrets, so `repr` leaves them out.

    Raises HeaderRefused.
    """

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    allow_private: bool = False
    """Private networks, numeric addresses, http and any port: for operators' endpoints only."""
    deadline: float = 20.0
    """Seconds for everything, the answer's body included."""
    connect_within: float = 5.0
    """Seconds for a new connection, from the look-up to the end of the TLS handshake."""
    is_anonymous: bool = False
    """Without a user agent of ours."""
    most_bytes: int = 16 * 1024
    """Of the answer's body. The rest is not read and the connection is closed."""

    def __post_init__(self) -> None:
        for name, value in self.headers.items():
            if not _NAME.fullmatch(name) or name.lower() in _RESERVED:
                raise HeaderRefused("A header has a name that may not be sent.")
            if not _VALUE.fullmatch(value):
                raise HeaderRefused("A header has a value that cannot be sent.", header=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the receiver said, whatever its status."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    """Names in lower case; values of a repeated header joined by commas."""
    body: bytes = field(repr=False)
    """As it was sent: a receiver that compresses unasked is not unpacked."""
    is_truncated: bool
    seconds: float


class HttpFailure(StrEnum):
    """Why there is no answer."""

    ADDRESS = "ADDRESS"
    NAME = "NAME"
    CONNECTION = "CONNECTION"
    TLS = "TLS"
    TIMEOUT = "TIMEOUT"
    PROTOCOL = "PROTOCOL"


_SENTENCES = {
    HttpFailure.ADDRESS: "The URL or an address of its host is not allowed.",
    HttpFailure.NAME: "The host's name was not found.",
    HttpFailure.CONNECTION: "The connection failed or broke off.",
    HttpFailure.TLS: "No secure connection could be agreed on.",
    HttpFailure.TIMEOUT: "The receiver took too long.",
    HttpFailure.PROTOCOL: "The receiver did not answer in HTTP.",
}


class HttpError(Exception):
    """There is no answer. The message is a constant sentence that holds nothing of the call."""

    def __init__(self, failure: HttpFailure, *, seconds: float, sentence: str = "") -> None:
        super().__init__(sentence or _SENTENCES[failure])
        self.failure = failure
        self.seconds = seconds
