"""Taking pushes, and failing to when a check asks for it."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CREDENTIAL_PATH = "/credential"
FRESH_HEADER = "X-Conformance-Key"
_UNAUTHORIZED, _OK, _SERVER_FAULT = 401, 200, 503


@dataclass(frozen=True, slots=True)
class Push:
    """One message as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    at: float
    """Seconds of the monotonic clock."""

    @property
    def document(self) -> dict[str, object]:
        """The message, or nothing when the body is not a JSON object."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def is_return(self) -> bool:
        """Whether it is about a return."""
        return "returnOrderCode" in self.document

    @property
    def order_code(self) -> str:
        """The order it is about."""
        document = self.document
        return str(document.get("orderCode") or document.get("forwardOrderCode") or "")


@dataclass(slots=True)
class Mailbox:
    """What came so far, oldest first, and how to answer what comes next."""

    pushes: list[Push] = field(default_factory=list)
    credential_calls: int = 0
    unauthorized: set[str] = field(default_factory=set)
    """Orders whose pushes are answered 401 until they carry fresh credentials."""
    failing: dict[str, int] = field(default_factory=dict)
    """How many times to answer 503, by order."""
    silences: dict[str, float] = field(default_factory=dict)
    """Seconds for which the next push is left without an answer, by order."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of_order(self, order_code: str, event_type: str = "") -> list[Push]:
        """The news of an order's delivery, every try."""
        return [
            push
            for push in list(self.pushes)
            if push.order_code == order_code
            and not push.is_return
            and event_type in ("", push.document.get("eventType"))
        ]

    def of_return(self, return_code: str) -> list[Push]:
        """The news of a return, every try."""
        return [
            push
            for push in list(self.pushes)
            if push.document.get("returnOrderCode") == return_code
        ]

    def fresh_headers(self) -> dict[str, str]:
        """What Get Credential answers now."""
        self.credential_calls += 1
        return {FRESH_HEADER: f"fresh-{self.credential_calls}"}

    def take(self, push: Push) -> int:
        """Keep a push; the status to answer it with."""
        with self._lock:
            self.pushes.append(push)
            silence = self.silences.pop(push.order_code, 0.0)
            status = self._status(push)
        if silence:
            time.sleep(silence)
        return status

    def _status(self, push: Push) -> int:
        order_code = push.order_code
        if self.failing.get(order_code, 0):
            self.failing[order_code] -= 1
            return _SERVER_FAULT
        if order_code in self.unauthorized:
            if push.headers.get(FRESH_HEADER.lower()) != f"fresh-{self.credential_calls}":
                return _UNAUTHORIZED
            self.unauthorized.discard(order_code)
        return _OK


@contextmanager
def listening(address: tuple[str, int]) -> Iterator[Mailbox]:
    """Take pushes at any path until the block ends; CREDENTIAL_PATH is Get Credential."""
    mailbox = Mailbox()

    class Taker(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers.get("content-length", "0"))
            headers = {name.lower(): value for name, value in self.headers.items()}
            push = Push(self.path, headers, self.rfile.read(size), time.monotonic())
            self._answer(mailbox.take(push), b"")

        def do_GET(self) -> None:
            self._answer(_OK, json.dumps(mailbox.fresh_headers()).encode())

        def _answer(self, status: int, body: bytes) -> None:
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                self.close_connection = True  # whoever asked has gone meanwhile

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the library's
            """The table is the output."""

    with ThreadingHTTPServer(address, Taker) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield mailbox
        finally:
            server.shutdown()
            thread.join()
