"""A receiver of Standard Webhooks, written from the standard: keeps what it got, checks signatures.

A real HTTP server on loopback, one event loop in a thread. Each path is a receiver of its own and
can be told to fail, to hang or to be down.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

TOLERANCE = 300  # seconds


@dataclass(frozen=True)
class Call:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float
    is_genuine: bool

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def message(self) -> dict:
        return json.loads(self.body)


@dataclass
class Behaviour:
    """How a path answers. `script` goes first, one status a call."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b'{"ok": true}'
    hangs: bool = False
    is_down: bool = False
    delay: float = 0.0
    script: list[int] = field(default_factory=list)


class Receiver:
    """A context manager. `clock` is what its log and its tolerance go by, in Unix seconds."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.calls: list[Call] = []
        self.secrets: dict[str, list[str]] = {}
        self.behaviours: defaultdict[str, Behaviour] = defaultdict(Behaviour)
        self.most_at_once: defaultdict[str, int] = defaultdict(int)
        self.most_per_subject: defaultdict[str, int] = defaultdict(int)
        self._open: defaultdict[str, int] = defaultdict(int)
        self._open_subjects: defaultdict[str, int] = defaultdict(int)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(10)

    def url(self, path: str = "/hooks") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def of(self, path: str) -> list[Call]:
        """What reached a path, in the order it came."""
        return [call for call in self.calls if call.path == path]

    def accepted(self, path: str = "/hooks") -> list[Call]:
        """The genuine ones, each id once: what a receiver that follows the standard acts on."""
        seen: dict[str, Call] = {}
        for call in self.of(path):
            if call.is_genuine:
                seen.setdefault(call.id, call)
        return list(seen.values())

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopped = asyncio.Event()
        self._connections: set[asyncio.Task] = set()
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=2**20, backlog=1024)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stopped.wait()
        server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._connections.add(task)
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
                while await self._answer(reader, writer):
                    pass
        finally:
            self._connections.discard(task)
            writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        path = head[0].split(" ")[1]
        pairs = (line.split(":", 1) for line in head[1:] if line)
        headers = {name.strip().lower(): text.strip() for name, text in pairs}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        how = self.behaviours[path]
        if how.is_down:
            return False
        self.calls.append(
            Call(path, headers, body, self.clock(), self._is_genuine(path, headers, body))
        )
        subject = f"{path} {_subject(body)}"
        self._enter(path, subject)
        try:
            if how.hangs:
                await asyncio.sleep(3600)
            if how.delay:
                await asyncio.sleep(how.delay)
        finally:
            self._open[path] -= 1
            self._open_subjects[subject] -= 1
        status = how.script.pop(0) if how.script else how.status
        writer.write(_response(status, how))
        await writer.drain()
        return True

    def _enter(self, path: str, subject: str) -> None:
        self._open[path] += 1
        self._open_subjects[subject] += 1
        self.most_at_once[path] = max(self.most_at_once[path], self._open[path])
        most = max(self.most_per_subject[path], self._open_subjects[subject])
        self.most_per_subject[path] = most

    def _is_genuine(self, path: str, headers: dict[str, str], body: bytes) -> bool:
        timestamp = headers.get("webhook-timestamp", "0")
        if abs(self.clock() - int(timestamp)) > TOLERANCE:
            return False
        given = headers.get("webhook-signature", "").split(" ")
        signed = f"{headers.get('webhook-id')}.{timestamp}.".encode() + body
        return any(_signature(secret, signed) in given for secret in self.secrets.get(path, []))


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def _subject(body: bytes) -> str:
    """What the sequence of a message counts: its most special number."""
    try:
        data = json.loads(body)["data"]
    except (ValueError, KeyError, TypeError):
        return ""
    for name in ("parcel", "cancellation", "task", "order", "point"):
        if name in data:
            return f"{name} {data[name]}"
    return ""


def _response(status: int, how: Behaviour) -> bytes:
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(how.body)}"]
    lines += [f"{name}: {text}" for name, text in how.headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + how.body
