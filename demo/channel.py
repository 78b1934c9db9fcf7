"""One HTTP/1.1 connection, kept alive.

`http.client` opens it, also with TLS. Requests go out in one piece, and of the answer's head only
what matters is read: that costs a third of the processor time, and the benchmarks share the
machine with the server they measure.
"""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from io import BufferedReader
from urllib.parse import SplitResult

MOST_HEADERS = 100
LONGEST_LINE = 65_536
INTERIM = range(100, 200)


class BrokenAnswerError(OSError):
    """The connection ended, or said something that is not HTTP."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer."""

    status: int
    body: bytes
    retry_after: str | None


class Channel:
    """Not safe to share between threads."""

    def __init__(self, address: SplitResult, *, timeout: float) -> None:
        host, port = address.hostname or "", address.port
        kind: type[http.client.HTTPConnection] = http.client.HTTPConnection
        if address.scheme == "https":
            kind = http.client.HTTPSConnection
        self._connection = kind(host, port, timeout=timeout)
        self._host = address.netloc.rpartition("@")[2]
        self._stream: BufferedReader | None = None

    def exchange(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send a request and read its answer; OSError when the connection fails."""
        lines = [f"{method} {target} HTTP/1.1", f"Host: {self._host}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines += [f"Content-Length: {len(body)}", "", ""]
        try:
            stream = self._open()
            self._connection.sock.sendall("\r\n".join(lines).encode("ascii") + body)
            status, found = _read_head(stream)
            content = _read_body(stream, found)
        except (OSError, ValueError) as error:
            self.close()
            raise BrokenAnswerError(str(error) or type(error).__name__) from error
        if found.get("connection", "").lower() == "close":
            self.close()
        return Answer(status, content, found.get("retry-after"))

    def close(self) -> None:
        """The next exchange opens it again."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None
        self._connection.close()

    def _open(self) -> BufferedReader:
        if self._stream is None:
            self._connection.connect()
            self._stream = self._connection.sock.makefile("rb")
        return self._stream


def _read_head(stream: BufferedReader) -> tuple[int, dict[str, str]]:
    while True:
        words = _line(stream).split(None, 2)
        headers = {}
        for _ in range(MOST_HEADERS):
            line = _line(stream)
            if not line:
                break
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        status = int(words[1])
        if status not in INTERIM:
            return status, headers


def _read_body(stream: BufferedReader, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return _read_chunks(stream)
    return _exactly(stream, int(headers.get("content-length", "0")))


def _read_chunks(stream: BufferedReader) -> bytes:
    content = bytearray()
    while size := int(_line(stream).partition(";")[0], 16):
        content += _exactly(stream, size)
        _line(stream)
    while _line(stream):
        pass
    return bytes(content)


def _line(stream: BufferedReader) -> str:
    line = stream.readline(LONGEST_LINE)
    if not line.endswith(b"\n"):
        raise BrokenAnswerError("the connection ended")
    return line.decode("latin-1").rstrip("\r\n")


def _exactly(stream: BufferedReader, size: int) -> bytes:
    content = stream.read(size)
    if len(content) != size:
        raise BrokenAnswerError("the connection ended inside an answer")
    return content
