"""A cheap HTTP client: a few kept-alive connections, one thread, no parsing beyond what is needed.

It shares the machine with the server it measures, so what it costs is taken from the figures.
"""

import heapq
import itertools
import selectors
import socket
import time
from collections import deque
from collections.abc import Callable

Done = Callable[[int, bytes, float], None]
"""Told status, body and seconds, the seconds counted from when the request was due."""

TIMEOUT = 60.0
_HEAD_END = b"\r\n\r\n"
_LENGTH = b"content-length:"
_CHUNKED = b"transfer-encoding: chunked"
_CHUNK = 262_144


class EngineError(Exception):
    """The server went away, or said something this client does not understand."""


class _Connection:
    """One request at a time. The socket blocks; it is only read when there is something."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = bytearray()
        self._done: Done | None = None
        self._since = 0.0

    def send(self, request: bytes, done: Done, since: float) -> None:
        self._done, self._since = done, since
        self.socket.sendall(request)

    def receive(self) -> bool:
        """Whether the answer is complete, and its callback told."""
        data = self.socket.recv(_CHUNK)
        if not data:
            raise EngineError("the server closed the connection")
        self._received += data
        body = answer_body(bytes(self._received))
        if body is None:
            return False
        status = int(self._received[9:12])
        self._received.clear()
        done, self._done = self._done, None
        if done is not None:
            done(status, body, time.perf_counter() - self._since)
        return True


def answer_body(received: bytes) -> bytes | None:
    """The body of a complete answer; None while something is missing."""
    end = received.find(_HEAD_END)
    if end < 0:
        return None
    head, start = received[:end].lower(), end + len(_HEAD_END)
    if (found := head.find(_LENGTH)) >= 0:
        whole = start + int(head[found + len(_LENGTH) :].split(b"\r\n", 1)[0])
        return received[start:whole] if len(received) >= whole else None
    if _CHUNKED not in head:
        raise EngineError(f"an answer without a length: {head[:200]!r}")
    return _joined(received, start)


def _joined(received: bytes, start: int) -> bytes | None:
    """The chunks from `start` on in one piece."""
    parts: list[bytes] = []
    while (line_end := received.find(b"\r\n", start)) > 0:
        size = int(received[start:line_end].partition(b";")[0], 16)
        start = line_end + 2
        if len(received) < start + size + 2:
            return None
        if not size:
            return b"".join(parts)
        parts.append(received[start : start + size])
        start += size + 2
    return None


class Engine:
    """Sends what is submitted over the first free connection, in order."""

    def __init__(self, port: int, *, connections: int) -> None:
        self._selector = selectors.DefaultSelector()
        self._idle = [_Connection(port) for _ in range(connections)]
        self._all = list(self._idle)
        self._waiting: deque[tuple[bytes, Done, float]] = deque()
        self._later: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        for connection in self._idle:
            self._selector.register(connection.socket, selectors.EVENT_READ, connection)

    def submit(self, request: bytes, done: Done, *, due: float | None = None) -> None:
        """Send when a connection is free; `due` is when it should have been sent."""
        self._waiting.append((request, done, time.perf_counter() if due is None else due))

    def call_at(self, moment: float, action: Callable[[], None]) -> None:
        """Run an action once `time.perf_counter()` says so."""
        heapq.heappush(self._later, (moment, next(self._numbers), action))

    def run(self, *, until: float = float("inf")) -> None:
        """Go on until nothing is under way, waits or is to come. EngineError after `until`."""
        while self._waiting or self._later or len(self._idle) < len(self._all):
            self._begin()
            for key, _ in self._selector.select(self._pause()):
                if key.data.receive():
                    self._idle.append(key.data)
            if time.perf_counter() > until:
                raise EngineError("out of time")

    def close(self) -> None:
        for connection in self._all:
            self._selector.unregister(connection.socket)
            connection.socket.close()
        self._selector.close()

    def _begin(self) -> None:
        while self._later and self._later[0][0] <= time.perf_counter():
            heapq.heappop(self._later)[2]()
        while self._waiting and self._idle:
            self._idle.pop().send(*self._waiting.popleft())

    def _pause(self) -> float:
        if not self._later:
            return 1.0
        return min(1.0, max(0.0, self._later[0][0] - time.perf_counter()))
