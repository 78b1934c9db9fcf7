"""Taking pushes."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True)
class Push:
    """One message as it came."""

    method: str
    content_type: str
    authorization: str
    body: bytes = field(repr=False)

    @property
    def document(self) -> dict[str, object]:
        """The message, or nothing when the body is not a JSON object."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


@dataclass(slots=True)
class Mailbox:
    """What came so far, oldest first."""

    pushes: list[Push] = field(default_factory=list)

    def of_type(self, webhook: str, message: str) -> list[Push]:
        """The messages of one family and type."""
        wanted = (webhook, message)
        return [
            push
            for push in list(self.pushes)
            if (push.document.get("webhook_type"), push.document.get("message_type")) == wanted
        ]


@contextmanager
def listening(address: tuple[str, int]) -> Iterator[Mailbox]:
    """Take pushes until the block ends, and answer each with 200."""
    mailbox = Mailbox()

    class Taker(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers.get("content-length", "0"))
            mailbox.pushes.append(
                Push(
                    self.command,
                    self.headers.get("content-type", ""),
                    self.headers.get("authorization", ""),
                    self.rfile.read(size),
                )
            )
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the library's
            """The table is the output."""

    with ThreadingHTTPServer(address, Taker) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield mailbox
        finally:
            server.shutdown()
            thread.join()
