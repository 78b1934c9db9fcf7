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
_CHUNK = 262_144


class EngineError(Exception):
    """The server went away, or said something this client does not understand."""


class _Connection:
    """One request at a time. The socket blocks; it is only read when there is something."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = bytearray()
        self._whole = 0
        self._head = 0
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
        received = self._received
        received += data
        if not self._whole and not self._read_head():
            return False
        if len(received) < self._whole:
            return False
        status, body = int(received[9:12]), bytes(received[self._head : self._whole])
        del received[: self._whole]
        self._whole = 0
        done, self._done = self._done, None
        if done is not None:
            done(status, body, time.perf_counter() - self._since)
        return True

    def _read_head(self) -> bool:
        end = self._received.find(_HEAD_END)
        if end < 0:
            return False
        head = bytes(self._received[:end]).lower()
        start = head.find(_LENGTH)
        if start < 0:
            raise EngineError(f"an answer without a length: {head[:200]!r}")
        length = int(head[start + len(_LENGTH) :].split(b"\r\n", 1)[0])
        self._head = end + len(_HEAD_END)
        self._whole = self._head + length
        return True


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
