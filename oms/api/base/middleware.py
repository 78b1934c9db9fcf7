"""The first things a request meets: no header may pretend to come from a proxy, and machines
take the short way.

OMS4 clients send headers with underscores, so every hop has to let them through, and under WSGI
`X_Forwarded_Proto` and `X-Forwarded-Proto` then arrive under one name, the later one winning.
Nothing behind the server can tell them apart. Therefore no header whose name has a hyphen is
believed, from anybody. `Forwarded` (RFC 7239) has only one spelling: a proxy that sets it has
replaced the client's. It is read when the peer is listed in OMS_TRUSTED_PROXIES, and only the
entries that trusted proxies wrote.
"""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, ResolverMatch, get_resolver

from oms.kernel import walls

# The last two exist only when a client spelt them with an underscore.
FORGEABLE = (
    "HTTP_X_FORWARDED",
    "HTTP_X_REAL_IP",
    "HTTP_X_CLIENT",
    "HTTP_X_ORIGINAL",
    "HTTP_X_REWRITE",
    "HTTP_X_URL_SCHEME",
    "HTTP_X_SCHEME",
    "HTTP_X_SSL",
    "HTTP_X_HTTP",
    "HTTP_X_HOST",
    "HTTP_FORWARDED",
    "HTTP_FRONT_END",
    "HTTP_TRUE_CLIENT",
    "HTTP_CF_",
    "HTTP_FASTLY",
    "HTTP_SSL_",
    "HTTP_REMOTE_",
    "HTTP_CONTENT_LENGTH",
    "HTTP_CONTENT_TYPE",
)

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class HeaderGuard:
    """Removes what could be forged, and says what a trusted proxy said.

    Afterwards HTTP_X_FORWARDED_PROTO, if present, is a trusted proxy's word, which is what
    SECURE_PROXY_SSL_HEADER reads, and REMOTE_ADDR is the address of the client.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._trusted = tuple(_network(text) for text in settings.OMS_TRUSTED_PROXIES)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        environ = request.META
        forwarded = environ.get("HTTP_FORWARDED")
        for name in [name for name in environ if name.startswith(FORGEABLE)]:
            del environ[name]
        if forwarded and self._trusts(environ.get("REMOTE_ADDR", "")):
            self._believe(forwarded, request)
        return self._get_response(request)

    def _trusts(self, address: str) -> bool:
        try:
            peer = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(peer in network for network in self._trusted)

    def _believe(self, forwarded: str, request: HttpRequest) -> None:
        """Walk back from the nearest proxy to the outermost trusted one."""
        for entry in reversed(forwarded.split(",")):
            pairs = _pairs(entry)
            address = _address(pairs.get("for", ""))
            if proto := pairs.get("proto"):
                request.META["HTTP_X_FORWARDED_PROTO"] = proto.lower()
            if address:
                request.META["REMOTE_ADDR"] = address
            if not self._trusts(address):
                return


class MachineLane:
    """Calls of machines skip sessions, form tokens, messages and page headers: they use none.

    What no API answers goes on and sees all rows (docs/adr/0019), and so does a call that came
    without TLS where TLS is demanded, to be redirected like everything else.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._resolver = get_resolver("oms.api.urls")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        match = self._match(request)
        if match is None:
            walls.outside()
            return self._get_response(request)
        request.resolver_match = match
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return response

    def _match(self, request: HttpRequest) -> ResolverMatch | None:
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return None
        try:
            return self._resolver.resolve(request.path_info)
        except Resolver404:
            return None


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text)
    except ValueError as exc:
        raise ImproperlyConfigured(
            f"OMS_TRUSTED_PROXIES must hold addresses or networks, not {text!r}."
        ) from exc


def _pairs(entry: str) -> dict[str, str]:
    split = (pair.partition("=") for pair in entry.split(";"))
    return {name.strip().lower(): value.strip().strip('"') for name, _, value in split}


def _address(node: str) -> str:
    """The address without a port, or nothing when it is hidden or not an address."""
    bare = node[1:].partition("]")[0] if node.startswith("[") else node
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        return ""
