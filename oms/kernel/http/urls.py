"""The strict reader of URLs. What it lets through means the same to every other reader."""

import ipaddress
import re
from dataclasses import dataclass

import idna

from oms.kernel.errors import InvalidInput
from oms.kernel.http.addresses import may_dial

_LONGEST_URL = 2048
_LONGEST_HOST = 253
_PORTS = frozenset({443, 8443})
_MOST_PORT = 65535
_SHAPE = re.compile(r"(?P<scheme>[A-Za-z]+)://(?P<authority>[^/?]+)(?P<rest>[/?].*)?")
_HOST_PORT = re.compile(r"(?P<host>\[[^\[\]@]*\]|[^\[\]:@]+)(?::(?P<port>[0-9]{1,5}))?")
_REST = re.compile(r"[!-\[\]-~]*")  # what can be seen in ASCII, without the backslash
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


class UrlRefused(InvalidInput):
    """The URL is not well formed, or leads where calls may not go."""

    code = "url_refused"


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that was read and found well formed."""

    scheme: str
    host: str
    """A name in lower-case ASCII, or a numeric address without brackets."""
    port: int
    rest: str
    """Path and query as they were written."""
    is_numeric: bool

    @property
    def url(self) -> str:
        """The URL in the one spelling that is sent."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.rest}"


def read(url: str, *, allow_private: bool) -> Target:
    """Take a URL apart. With `allow_private` it may use http, any port and a numeric address.

    Looks nothing up. Raises UrlRefused.
    """
    found = _SHAPE.fullmatch(url)
    if found is None or len(url) > _LONGEST_URL:
        raise UrlRefused("The URL is too long or not of the form https://host/path.")
    scheme = found["scheme"].lower()
    if scheme != "https" and not (allow_private and scheme == "http"):
        raise UrlRefused("The URL must start with https://.")
    if "@" in found["authority"]:
        raise UrlRefused("The URL must not hold a user name or password.")
    rest = found["rest"] or ""
    if not _REST.fullmatch(rest) or "#" in url:
        raise UrlRefused("Path and query must be percent-encoded, without a fragment.")
    authority = _HOST_PORT.fullmatch(found["authority"])
    if authority is None:
        raise UrlRefused("The host of the URL is malformed.")
    host, is_numeric = _host(authority["host"], allow_private=allow_private)
    port = _port(authority["port"], scheme=scheme, allow_private=allow_private)
    return Target(scheme, host, port, rest if rest.startswith("/") else f"/{rest}", is_numeric)


def _port(text: str | None, *, scheme: str, allow_private: bool) -> int:
    port = int(text) if text else {"http": 80, "https": 443}[scheme]
    if port not in _PORTS and not (allow_private and 0 < port <= _MOST_PORT):
        raise UrlRefused("The port of the URL must be 443 or 8443.")
    return port


def _host(text: str, *, allow_private: bool) -> tuple[str, bool]:
    """The host, and whether it is a numeric address."""
    numeric = _numeric(text)
    if numeric is None:
        return _name(text, allow_private=allow_private), False
    if not allow_private:
        raise UrlRefused("The host of the URL must be a name, not an address.")
    if not may_dial(numeric, allow_private=True):
        raise UrlRefused("The address in the URL may not be reached.")
    return numeric, True


def _numeric(text: str) -> str | None:
    """The address that the host is, in its one canonical spelling; None when it is a name."""
    try:
        if text.startswith("["):
            return str(ipaddress.IPv6Address(text[1:-1]))
        return str(ipaddress.IPv4Address(text))
    except ValueError:
        if text.startswith("["):
            raise UrlRefused("The address in the URL is malformed.") from None
        return None


def _name(text: str, *, allow_private: bool) -> str:
    """The name in ASCII. Only IDNA 2008 is read: nothing is mapped to something similar."""
    try:
        name = text.lower() if text.isascii() else idna.encode(text.lower()).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise UrlRefused("The host of the URL is not a valid international name.") from None
    labels = name.removesuffix(".").split(".")
    if len(name) > _LONGEST_HOST or not all(_LABEL.fullmatch(label) for label in labels):
        raise UrlRefused("The host of the URL is malformed.")
    if _NUMBER.fullmatch(labels[-1]):
        # The resolver would take 127.1, 0x7f000001 and their like for addresses.
        raise UrlRefused("The host of the URL must not end in a number.")
    if len(labels) == 1 and not allow_private:
        raise UrlRefused("The host of the URL must be a full domain name.")
    return ".".join(labels)
