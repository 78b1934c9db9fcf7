"""The client. What is refused, and why, is told in the package's docstring."""

import asyncio
import ssl
import time
from collections.abc import Mapping
from functools import cache
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError
from django.conf import settings
from multidict import CIMultiDict
from yarl import URL

from oms.kernel.http import urls
from oms.kernel.http.connectors import CleanConnector, JudgingConnector
from oms.kernel.http.failures import http_error
from oms.kernel.http.messages import Answer, Request
from oms.kernel.http.names import Resolver, SystemResolver
from oms.kernel.http.urls import UrlRefused

_LONGEST_HEADER = 8190
_MOST_HEADERS = 100
_CHUNK = 16 * 1024


class Client:
    """Sends requests over kept-alive connections; an asynchronous context manager.

    Calls that may reach private networks have connections of their own. `connections` is how many
    of either kind may be open at a time; further calls wait for one within `connect_within`.
    `trusted` must verify certificates and names and demand TLS 1.2.
    """

    def __init__(
        self,
        *,
        connections: int = 500,
        resolver: Resolver | None = None,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        self._connections = connections
        self._resolver = resolver
        self._context = trusted or _public_authorities()
        _demand_verification(self._context)
        self._proxy = settings.OMS_EGRESS_PROXY or None
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def __aenter__(self) -> Self:
        resolver = self._resolver or SystemResolver()
        for allow_private in (False, True):
            connector: aiohttp.BaseConnector
            if self._proxy and not allow_private:
                connector = CleanConnector(limit=self._connections, ssl=self._context)
            else:
                connector = JudgingConnector(
                    resolver=resolver,
                    allow_private=allow_private,
                    connections=self._connections,
                    context=self._context,
                )
            self._sessions[allow_private] = _session(connector)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    async def send(self, request: Request) -> Answer:
        """Send once and read the answer, whatever its status. Raises HttpError."""
        began = time.monotonic()
        is_proxied = bool(self._proxy) and not request.allow_private
        try:
            async with asyncio.timeout(request.deadline):
                return await self._exchange(request, began=began)
        except (aiohttp.ClientError, HttpProcessingError, UrlRefused, OSError) as exc:
            # The library's errors name the URL, and somebody may log the whole chain.
            seconds = time.monotonic() - began
            raise http_error(exc, seconds=seconds, is_proxied=is_proxied) from None

    async def _exchange(self, request: Request, *, began: float) -> Answer:
        target = urls.read(request.url, allow_private=request.allow_private)
        async with self._sessions[request.allow_private].request(
            request.method,
            URL(target.url, encoded=True),
            headers=_headers(request),
            data=request.body or None,
            proxy=None if request.allow_private else self._proxy,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=None, connect=request.connect_within),
        ) as response:
            body = await _read(response.content, most=request.most_bytes + 1)
            is_truncated = len(body) > request.most_bytes
            if is_truncated:
                response.close()
            return Answer(
                status=response.status,
                headers=_joined(response),
                body=body[: request.most_bytes],
                is_truncated=is_truncated,
                seconds=time.monotonic() - began,
            )


async def _read(stream: aiohttp.StreamReader, *, most: int) -> bytes:
    body = bytearray()
    while len(body) < most:
        part = await stream.read(most - len(body))
        if not part:
            break
        body += part
    return bytes(body)


def _headers(request: Request) -> CIMultiDict[str]:
    """What is sent: names are compared without case, and the caller's win over ours."""
    headers = CIMultiDict[str]()
    if not request.is_anonymous:
        headers["User-Agent"] = f"oms/{settings.OMS_VERSION}"
    headers.update(request.headers)
    headers["Accept-Encoding"] = "identity"
    return headers


def _joined(response: aiohttp.ClientResponse) -> Mapping[str, str]:
    headers: dict[str, str] = {}
    for name, value in response.headers.items():
        known = headers.get(name.lower())
        headers[name.lower()] = value if known is None else f"{known}, {value}"
    return headers


def _session(connector: aiohttp.BaseConnector) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers={"User-Agent"},
        auto_decompress=False,
        trust_env=False,
        read_bufsize=_CHUNK,
        max_line_size=_LONGEST_HEADER,
        max_field_size=_LONGEST_HEADER,
        max_headers=_MOST_HEADERS,
    )


@cache
def _public_authorities() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    return context


def _demand_verification(context: ssl.SSLContext) -> None:
    if not context.check_hostname or context.minimum_version < ssl.TLSVersion.TLSv1_2:
        raise ValueError("The client needs verified names, certificates and TLS 1.2.")
