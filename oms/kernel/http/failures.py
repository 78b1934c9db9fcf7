"""From what the library raises to what callers are told."""

import ssl

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError

from oms.kernel.http.messages import HttpError, HttpFailure
from oms.kernel.http.names import AddressRefused, NameUnknown
from oms.kernel.http.urls import UrlRefused

_NO_PROXY = "The egress proxy did not connect."
# The first that fits decides: some are kinds of others.
_KINDS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], HttpFailure], ...] = (
    ((UrlRefused, AddressRefused), HttpFailure.ADDRESS),
    ((NameUnknown, aiohttp.ClientConnectorDNSError), HttpFailure.NAME),
    ((aiohttp.ClientSSLError, ssl.SSLError), HttpFailure.TLS),
    (aiohttp.ClientConnectorError, HttpFailure.CONNECTION),
    (TimeoutError, HttpFailure.TIMEOUT),
    ((aiohttp.ClientResponseError, HttpProcessingError), HttpFailure.PROTOCOL),
)


def http_error(exc: BaseException, *, seconds: float, is_proxied: bool) -> HttpError:
    """The one error callers see for whatever went wrong."""
    if is_proxied and _is_of_proxy(exc):
        return HttpError(HttpFailure.CONNECTION, seconds=seconds, sentence=_NO_PROXY)
    return HttpError(_failure(exc), seconds=seconds)


def _is_of_proxy(exc: BaseException) -> bool:
    """Behind a proxy the only name we look up, and the only port we dial, are the proxy's own."""
    return isinstance(
        exc,
        aiohttp.ClientProxyConnectionError
        | aiohttp.ClientHttpProxyError
        | aiohttp.ClientConnectorDNSError,
    )


def _failure(exc: BaseException) -> HttpFailure:
    """Our own refusals and TLS's come wrapped, as the cause of what the library raises."""
    if isinstance(exc, aiohttp.ClientPayloadError):
        return HttpFailure.CONNECTION  # an answer that began and was not finished
    for error in (exc.__cause__, exc):
        for kinds, failure in _KINDS:
            if error is not None and isinstance(error, kinds):
                return failure
    return HttpFailure.CONNECTION
