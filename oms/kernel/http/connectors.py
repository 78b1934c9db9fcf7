"""How connections are made: to judged addresses only, and reused only while they are clean."""

import socket
import ssl
import weakref
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_reqrep import ClientRequest
from aiohttp.connector import Connection
from aiohttp.tracing import Trace

from oms.kernel.http.addresses import may_dial
from oms.kernel.http.names import AddressRefused, Resolver, judged_addresses


class JudgingResolver(AbstractResolver):
    """Looks a name up for one connection and judges what it finds."""

    def __init__(self, resolver: Resolver, *, allow_private: bool) -> None:
        self._resolver = resolver
        self._allow_private = allow_private

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """All addresses of the name, of both families. Raises NameUnknown or AddressRefused."""
        del family  # every address counts, whichever is dialled
        found = await judged_addresses(self._resolver, host, allow_private=self._allow_private)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address in found
        ]

    async def close(self) -> None:
        """Nothing is held."""


class CleanConnector(aiohttp.TCPConnector):
    """Drops a kept connection on which something came that nobody had asked for.

    The library would take it for the answer to the next request.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(use_dns_cache=False, **options)
        self._used: weakref.WeakSet[Any] = weakref.WeakSet()

    async def connect(
        self,
        req: ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 the signature is the library's
    ) -> Connection:
        """A new connection, or a kept one that is silent."""
        while True:
            connection = await super().connect(req, traces, timeout)
            protocol = connection.protocol
            if protocol not in self._used:
                self._used.add(protocol)
                self._check(connection)
                return connection
            if protocol is not None and not protocol.should_close:
                return connection
            connection.close()

    def _check(self, connection: Connection) -> None:
        """Look at a new connection before anything is sent over it."""


class JudgingConnector(CleanConnector):
    """Judges an address three times: when it is looked up, dialled, and connected to."""

    def __init__(
        self, *, resolver: Resolver, allow_private: bool, connections: int, context: ssl.SSLContext
    ) -> None:
        self._allow_private = allow_private
        super().__init__(
            resolver=JudgingResolver(resolver, allow_private=allow_private),
            socket_factory=self._socket,
            limit=connections,
            ssl=context,
        )

    def _socket(self, info: Any) -> socket.socket:
        """The socket for one address, made only when it may be dialled."""
        family, kind, proto, _, address = info
        self._judge(address)
        return socket.socket(family, kind, proto)

    def _check(self, connection: Connection) -> None:
        """Its other end must be what was judged. Raises AddressRefused."""
        transport = connection.transport
        try:
            self._judge(transport.get_extra_info("peername") if transport else None)
        except AddressRefused:
            connection.close()
            raise

    def _judge(self, address: Any) -> None:
        if not address or not may_dial(str(address[0]), allow_private=self._allow_private):
            raise AddressRefused("The address may not be reached.")
