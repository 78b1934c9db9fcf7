"""How the warehouse system talks: a client of the calls to us, a receiver of our pushes."""

import http.client
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

TRIES = 20
PAUSE = 0.2  # seconds
TIMEOUT = 60  # seconds
AGAIN = frozenset({429, 500, 502, 503})
TOKEN_HEADER = "X-Warehouse-Key"
OK, UNAUTHORIZED = 200, 401


class Refused(Exception):
    """The order management system refused a call."""

    def __init__(self, path: str, status: int, said: str) -> None:
        super().__init__(f"{path}: HTTP {status} {said}")
        self.status = status


@dataclass
class EfsClient:
    """Calls of one login. What fails for a moment is called again with the same body."""

    base_url: str
    user: str
    password: str = field(repr=False)
    calls: int = 0
    repeats: int = 0
    _free: deque[http.client.HTTPConnection] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def call(self, method: str, path: str, document: Mapping[str, Any]) -> dict[str, Any]:
        """The answer's object, empty for zero bytes. Raises Refused."""
        body = json.dumps(document).encode()
        status, content = 0, b""
        for tries in range(TRIES):
            with self._lock:
                self.calls += 1
                self.repeats += tries > 0
            status, content, wait = self._sent(method, path, body)
            if status not in AGAIN and status != 0:
                break
            time.sleep(wait)
        if status != OK:
            raise Refused(path, status, content[:500].decode("utf-8", "replace"))
        found: dict[str, Any] = json.loads(content) if content else {}
        return found

    def download(self, url: str) -> bytes:
        """What a plain GET of an address brings. Raises Refused."""
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT)
        try:
            connection.request("GET", parts._replace(scheme="", netloc="").geturl())
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if answer.status != OK:
            raise Refused("document", answer.status, "")
        return content

    def close(self) -> None:
        """Let go of the connections that were kept."""
        while self._free:
            self._free.pop().close()

    def _sent(self, method: str, path: str, body: bytes) -> tuple[int, bytes, float]:
        """Status (0 for none), content, and seconds to wait before the next try."""
        base = urlsplit(self.base_url)
        try:
            connection = self._free.pop()
        except IndexError:
            connection = http.client.HTTPConnection(base.hostname or "", base.port, timeout=TIMEOUT)
        headers = {
            "authUsername": self.user,
            "authPassword": self.password,
            "Content-Type": "application/json",
        }
        try:
            connection.request(method, base.path.rstrip("/") + path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            return 0, b"", PAUSE
        self._free.append(connection)
        return answer.status, content, float(answer.headers.get("Retry-After") or PAUSE)


@dataclass
class Mailroom:
    """Where pushes arrive. Only those with the key of the moment are let in."""

    port: int
    key: str
    credential_calls: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def mailroom(take: Callable[[dict[str, Any]], None], *, port: int = 0) -> Iterator[Mailroom]:
    """Receive pushes at any path until the block ends; GET hands out the key.

    `take` has each message once it was let in. A push without the key is answered 401, so the
    first one makes whoever pushes ask for it.
    """
    room = Mailroom(port, key="warehouse-1")

    class Taker(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            if self.headers.get(TOKEN_HEADER) != room.key:
                self._answer(UNAUTHORIZED, b"")
                return
            take(json.loads(body))
            self._answer(OK, b"")

        def do_GET(self) -> None:
            room.credential_calls += 1
            self._answer(OK, json.dumps({TOKEN_HEADER: room.key}).encode())

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the library's
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", port), Taker) as server:
        server.daemon_threads = True
        room.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield room
        finally:
            server.shutdown()
            thread.join()
