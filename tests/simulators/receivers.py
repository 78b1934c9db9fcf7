"""A server on loopback, in a thread of its own, that behaves as one coroutine says."""

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Receiver:
    """Where it listens and what reached it."""

    host: str = "127.0.0.1"
    port: int = 0
    connections: int = 0
    heads: list[bytes] = field(default_factory=list)
    """The head of each request that was read with `head`."""
    go: threading.Event = field(default_factory=threading.Event)
    """Set by a test, for behaviours that wait for it."""
    done: threading.Event = field(default_factory=threading.Event)
    """Set by a behaviour, for tests that wait for it."""

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}/"

    async def head(self, reader: asyncio.StreamReader) -> bytes:
        """Read and note a request's head, and read its body away."""
        head = await reader.readuntil(b"\r\n\r\n")
        self.heads.append(head)
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                await reader.readexactly(int(line.split(b":")[1]))
        return head


@contextlib.contextmanager
def receiving(
    behaviour: Callable[..., Awaitable[None]],
    *,
    tls: ssl.SSLContext | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
) -> Iterator[Receiver]:
    """Serve until the block ends. `behaviour(receiver, reader, writer)` has one connection."""
    receiver = Receiver(host=host)
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()
    ready = threading.Event()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        receiver.connections += 1
        try:
            await behaviour(receiver, reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client went away, or the test is over
        finally:
            writer.transport.abort() if writer.is_closing() else writer.close()

    async def serve() -> None:
        server = await asyncio.start_server(connected, host, port, ssl=tls)
        receiver.port = server.sockets[0].getsockname()[1]
        ready.set()
        async with server:
            await stop.wait()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def run() -> None:
        loop.set_exception_handler(lambda *_: None)  # broken handshakes are what tests are about
        loop.run_until_complete(serve())
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield receiver
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)


def closed_port() -> int:
    """A port nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]
