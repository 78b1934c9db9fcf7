"""A channel's web server that keeps waybills: real HTTP on loopback, with what it was asked for."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NOT_FOUND = (404, b"no such document")


@dataclass
class DocumentStore:
    """`documents` by path: a status and the bytes. `asked` lists the paths in order."""

    port: int
    documents: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def keep(self, path: str, content: bytes, *, status: int = 200) -> str:
        """Put a document there and return its URL."""
        self.documents[path] = (status, content)
        return f"http://127.0.0.1:{self.port}{path}"


@contextlib.contextmanager
def document_store() -> Iterator[DocumentStore]:
    """Serve until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            store.asked.append(self.path)
            status, content = store.documents.get(self.path, NOT_FOUND)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with contextlib.suppress(ConnectionError):  # who has read enough hangs up
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    store = DocumentStore(port=server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield store
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
