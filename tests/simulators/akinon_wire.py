"""What the counterparts of the Akinon facade share: an HTTP server that misbehaves on request."""

import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

Row = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """One call as it came. Header names are lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    origin: str

    @property
    def document(self) -> Any:
        """The body as JSON. Refused as the real ones do."""
        try:
            return json.loads(self.body or b"{}")
        except ValueError as fault:
            raise Refusal(400, {"detail": "JSON parse error", "code": "parse_error"}) from fault


@dataclass(frozen=True)
class Answer:
    """A status and a JSON body, or the bytes of a file; None for no body at all."""

    status: int = 200
    body: object = field(default_factory=dict)


class Refusal(Exception):
    """An answer that ends the work on a request."""

    def __init__(self, status: int, body: object) -> None:
        super().__init__(f"HTTP {status}")
        self.answer = Answer(status, body)


class NotFound(Refusal):
    def __init__(self) -> None:
        super().__init__(404, {"detail": "Not found.", "code": "not_found"})


@dataclass(frozen=True)
class Call:
    """A request with what it was answered; status 0 where nobody answered."""

    request: Request
    status: int

    @property
    def line(self) -> str:
        return f"{self.request.method} {self.request.path} {self.status}"


@dataclass
class Fault:
    """What goes wrong with the next `count` requests that fit.

    `status` is answered instead of doing anything; `seconds` are waited first; `is_lost` does the
    work and hangs up before answering; `ends_tokens` forgets every token first, which makes a 401.
    """

    path: str = ""
    method: str = ""
    count: int = 1
    status: int = 0
    seconds: float = 0.0
    is_lost: bool = False
    ends_tokens: bool = False

    def fits(self, request: Request) -> bool:
        return self.count > 0 and self.path in request.path and self.method in ("", request.method)


class SimulatedServer:
    """A context manager: listens on loopback until the block ends, and keeps what came."""

    def __init__(self, *, port: int = 0) -> None:
        self.calls: list[Call] = []
        self.lock = threading.RLock()
        self._port = port
        self._faults: list[Fault] = []
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None
        self._sockets: set[socket.socket] = set()

    def __enter__(self) -> Self:
        self.come_up()
        return self

    def __exit__(self, *_: object) -> None:
        self.go_down()

    @property
    def origin(self) -> str:
        """Scheme, host and port; the same after an outage."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def is_up(self) -> bool:
        return self._server is not None

    def come_up(self) -> None:
        """Listen, at the same port as before."""
        self._server = _Listener(("127.0.0.1", self._port), _handler_of(self))
        self._port = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()

    def go_down(self) -> None:
        """Refuse connections and drop those that are open."""
        server, thread = self._server, self._thread
        if server is None or thread is None:
            return
        self._server = None
        server.shutdown()
        thread.join(10)
        server.server_close()
        for connection in list(self._sockets):
            _hang_up(connection)

    def misbehave(self, fault: Fault) -> None:
        """Faults are used up in the order they were given, each by the requests that fit."""
        with self.lock:
            self._faults.append(fault)

    def behave(self) -> None:
        """Forget every fault that was not used up."""
        with self.lock:
            self._faults.clear()

    def calls_of(self, method: str, path: str) -> list[Call]:
        """What came to a path, in the order it came; the path may be a part of it."""
        return [
            call
            for call in list(self.calls)
            if call.request.method == method and path in call.request.path
        ]

    def respond(self, request: Request) -> Answer:
        """What a request is answered, under the lock. Each simulator has its own."""
        raise NotFound

    def forget_tokens(self) -> None:
        """Whoever logged in has to do it again; servers with fixed tokens know nothing of it."""

    def answer(self, request: Request) -> Answer | None:
        """The answer with the faults in mind; None to hang up."""
        fault = self._fault_of(request)
        if fault.seconds:
            time.sleep(fault.seconds)
        if fault.ends_tokens:
            self.forget_tokens()
        answer = (
            Answer(fault.status, {"detail": "scripted"}) if fault.status else self._done(request)
        )
        with self.lock:
            self.calls.append(Call(request, 0 if fault.is_lost else answer.status))
        return None if fault.is_lost else answer

    def _done(self, request: Request) -> Answer:
        with self.lock:
            try:
                return self.respond(request)
            except Refusal as refusal:
                return refusal.answer

    def _fault_of(self, request: Request) -> Fault:
        with self.lock:
            for fault in self._faults:
                if fault.fits(request):
                    fault.count -= 1
                    return fault
        return Fault(count=0)

    def opened(self, connection: socket.socket) -> None:
        self._sockets.add(connection)

    def closed(self, connection: socket.socket) -> None:
        self._sockets.discard(connection)


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """A client or we hung up; what was answered is in `calls`."""


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _content(body: object) -> tuple[str, bytes]:
    """The media type and the bytes of an answer."""
    if isinstance(body, bytes):
        return "application/octet-stream", body
    return "application/json", _written(body)


def _handler_of(server: SimulatedServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            server.opened(self.connection)

        def finish(self) -> None:
            server.closed(self.connection)
            super().finish()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the library's
            """Quiet: what came is in `calls`."""

        def _serve(self) -> None:
            answer = server.answer(self._read())
            if answer is None:
                self.close_connection = True
                return
            kind, content = _content(answer.body)
            self.send_response_only(answer.status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def _read(self) -> Request:
            parts = urlsplit(self.path)
            return Request(
                method=self.command,
                path=parts.path,
                query=dict(parse_qsl(parts.query, keep_blank_values=True)),
                headers={name.lower(): text for name, text in self.headers.items()},
                body=self.rfile.read(int(self.headers.get("Content-Length") or 0)),
                origin=server.origin,
            )

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve  # noqa: N815 the library's names

    return Handler


def _written(body: object) -> bytes:
    return b"" if body is None else json.dumps(body).encode()


Clock = Callable[[], float]


def bearer(request: Request) -> str:
    """The token of `Authorization: Token <key>` or `Bearer <key>`. Refused 401 without one."""
    prefix, _, key = request.headers.get("authorization", "").partition(" ")
    if prefix not in ("Token", "Bearer") or not key:
        raise Refusal(
            401,
            {
                "detail": "Authentication credentials were not provided.",
                "code": "not_authenticated",
            },
        )
    return key
