"""A client's end of OMS4 pushes: checks each signature as the contract has it, keeps each message.

It shares no code with the server.
"""

import contextlib
import hashlib
import hmac
import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ENVELOPE = ["tenant_id", "api_key", "webhook_type", "message_type", "data", "timestamp"]


@dataclass
class Oms4Inbox:
    """One callback URL: the key and the secret of the client it belongs to, and what came."""

    port: int
    api_key: str
    secret: str
    is_down: bool = False
    """Answers 500 and keeps nothing, but notes the body."""
    bodies: list[bytes] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    messages: dict[str, list[dict]] = field(default_factory=lambda: defaultdict(list))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/push"

    def take(self, authorization: str, content_type: str, body: bytes) -> int:
        """The status of the answer."""
        self.bodies.append(body)
        signed = self.api_key.encode() + body
        expected = hmac.new(self.secret.encode(), signed, hashlib.sha256).hexdigest()
        if authorization != expected:
            self.refused.append("signature")
            return 401
        message = json.loads(body)
        if list(message) != ENVELOPE or content_type != "application/json":
            self.refused.append("envelope")
            return 400
        if self.is_down:
            return 500
        self.messages[message["message_type"]].append(message)
        return 204


@contextlib.contextmanager
def oms4_inbox(*, api_key: str, secret: str) -> Iterator[Oms4Inbox]:
    """Listen until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = inbox.take(
                self.headers.get("Authorization", ""), self.headers.get("Content-Type", ""), body
            )
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    inbox = Oms4Inbox(port=server.server_port, api_key=api_key, secret=secret)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield inbox
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
