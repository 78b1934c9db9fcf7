"""A receiver of Akinon hooks, written from the contract (3.3): keeps what it got, checks it.

A real HTTP server on loopback. Each path is a receiver of its own and can be told to fail. `/login`
trades a user name and password, sent as a form, for a token that is good for one call; paths named
in `guarded` want one. A path with a secret wants the signature of the exact bytes.
"""

import hashlib
import hmac
import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs

LOGIN = "/login"


@dataclass(frozen=True)
class HookCall:
    """One request as it came, and what it was answered."""

    path: str
    headers: dict[str, str]
    """Names in lower case."""
    header_order: tuple[str, ...]
    body: bytes
    at: float
    status: int

    @property
    def message(self) -> dict:
        return json.loads(self.body)

    @property
    def word(self) -> str:
        return self.message["event"]["type"]

    @property
    def uuid(self) -> str:
        return self.message["event"]["uuid"]

    @property
    def payload(self) -> dict:
        return self.message["payload"]


@dataclass
class HookReceiver:
    """A context manager. `clock` is what its log goes by, in Unix seconds."""

    clock: Callable[[], float] = time.time
    secrets: dict[str, str] = field(default_factory=dict)
    """What calls to a path have to be signed with; other paths want no signature."""
    script: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Statuses a path answers first, one a call."""
    failing: dict[str, int] = field(default_factory=dict)
    """Paths with the status they answer for now."""
    accounts: dict[str, str] = field(default_factory=dict)
    """User names with their passwords, for `/login`."""
    guarded: set[str] = field(default_factory=set)
    """Paths that want a token of `/login`."""
    calls: list[HookCall] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    """Every token that was handed out."""
    packages: dict[int, dict] = field(default_factory=dict)
    """The last payload of each package that was taken."""
    problems: list[str] = field(default_factory=list)
    """Where a message broke the contract."""

    def __enter__(self) -> Self:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                receiver._answer(self)

            def log_message(self, *_: object) -> None:
                """Quiet: what came is in `calls`."""

        self._lock = threading.Lock()
        self._good: set[str] = set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()

    def url(self, path: str = "/hooks") -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}{path}"

    def of(self, path: str = "/hooks") -> list[HookCall]:
        """What reached a path, in the order it came."""
        return [call for call in self.calls if call.path == path]

    def words(self, path: str = "/hooks") -> list[str]:
        """The event types that were taken there, in the order they came."""
        return [call.word for call in self.of(path) if call.status == 200]

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length", "0")))
        headers = {name.lower(): text for name, text in handler.headers.items()}
        with self._lock:
            status, said = self._judged(handler.path, headers, body)
            order = tuple(name for name, _ in handler.headers.items())
            self.calls.append(HookCall(handler.path, headers, order, body, self.clock(), status))
        content = json.dumps(said).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    def _judged(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict]:
        if self.script[path]:
            return self.script[path].pop(0), {}
        if path in self.failing:
            return self.failing[path], {}
        if path == LOGIN:
            return self._logged_in(headers, body)
        if path in self.guarded and not self._is_let_in(headers):
            return 401, {"detail": "Invalid token."}
        if path in self.secrets and not self._is_signed(path, headers, body):
            self.problems.append(f"{path}: the signature is wrong")
            return 403, {}
        return self._taken(headers, body)

    def _logged_in(self, headers: dict[str, str], body: bytes) -> tuple[int, dict]:
        if headers.get("content-type") != "application/x-www-form-urlencoded":
            self.problems.append("/login: not a form")
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        name, password = form.get("username", ""), form.get("password")
        if password is None or self.accounts.get(name) != password:
            return 400, {"non_field_errors": ["Unable to log in with provided credentials."]}
        token = f"token-{len(self.tokens) + 1}"
        self.tokens.append(token)
        self._good.add(token)
        return 200, {"key": token}

    def _is_let_in(self, headers: dict[str, str]) -> bool:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        is_good = scheme == "Token" and token in self._good
        self._good.discard(token)
        return is_good

    def _is_signed(self, path: str, headers: dict[str, str], body: bytes) -> bool:
        wanted = hmac.new(self.secrets[path].encode(), body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(headers.get("x-whisperer-signature", ""), f"sha256={wanted}")

    def _taken(self, headers: dict[str, str], body: bytes) -> tuple[int, dict]:
        message = json.loads(body)
        if set(message) != {"event", "payload"} or set(message["event"]) != {"type", "uuid"}:
            self.problems.append(f"members {sorted(message)}")
        uuid = message["event"]["uuid"]
        if len(uuid) != 32 or uuid.strip("0123456789abcdef"):
            self.problems.append(f"uuid {uuid}")
        if headers.get("x-whisperer-event") != message["event"]["type"]:
            self.problems.append("X-Whisperer-Event is another type than the message's")
        if headers.get("content-type") != "application/json":
            self.problems.append("the content is not called JSON")
        payload = message["payload"]
        state = payload.get("state")
        if isinstance(state, dict) and state.get("enum_class") == "PackageStatus":
            self.packages[payload["id"]] = payload
        return 200, {}
