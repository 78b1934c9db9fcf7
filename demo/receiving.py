"""A server for webhooks that costs as little as it can: it shares the machine with what sends them.

HTTP/1.1 with kept-alive connections and bodies that have a length, which is all the sender uses.
"""

import asyncio
from collections.abc import Callable

Received = Callable[[bytes, bytes], float]
"""Told the head and the body of a request; returns for how many seconds the answer is held."""

HOST = "127.0.0.1"
BACKLOG = 1024
ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"
_HEAD_END = b"\r\n\r\n"
_LENGTH = b"\r\ncontent-length:"


class Conversation(asyncio.Protocol):
    """One connection."""

    def __init__(self, received: Received) -> None:
        self._received = received
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        self._buffer += data
        while (request := cut_request(self._buffer)) is not None:
            seconds = self._received(*request)
            if seconds:
                asyncio.get_running_loop().call_later(seconds, self._answer)
            else:
                self._answer()

    def _answer(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(ANSWER)


def cut_request(buffer: bytearray) -> tuple[bytes, bytes] | None:
    """Take the first request off the buffer: head and body. None while it is incomplete."""
    end = buffer.find(_HEAD_END)
    if end < 0:
        return None
    head = bytes(buffer[:end])
    start = end + len(_HEAD_END)
    whole = start + int(_after(head.lower(), _LENGTH) or 0)
    if len(buffer) < whole:
        return None
    body = bytes(buffer[start:whole])
    del buffer[:whole]
    return head, body


def target(head: bytes) -> str:
    """The path of a request."""
    return head.split(b" ", 2)[1].decode("ascii")


def header(head: bytes, name: str) -> str:
    """The value of a header; empty without it."""
    lines = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    wanted = name.lower().encode("ascii")
    found = (value for key, _, value in lines if key.strip().lower() == wanted)
    return next(found, b"").strip().decode("latin-1")


async def listen(received: Received) -> asyncio.Server:
    """A server on a free port of this machine."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: Conversation(received), HOST, 0, backlog=BACKLOG)


def port_of(server: asyncio.Server) -> int:
    """Where it listens."""
    port: int = server.sockets[0].getsockname()[1]
    return port


def _after(head: bytes, name: bytes) -> bytes:
    """The rest of the line that begins with a name."""
    at = head.find(name)
    return head[at + len(name) :].split(b"\r\n", 1)[0] if at >= 0 else b""
