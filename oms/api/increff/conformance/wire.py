"""Sending calls with a user name and a password, and reading what comes back."""

import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from . import shapes
from .shapes import Document
from .verdicts import Broken, expect, expect_equal

_TIMEOUT = 60  # seconds
_PATIENCE = 3  # times a throttled call is repeated
OK = 200
BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, TOO_MANY = 400, 401, 403, 404, 429


@dataclass(frozen=True, slots=True)
class Login:
    """What the operator of an installation gave to one external system."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it came."""

    status: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)

    def empty(self) -> None:
        """A success of zero bytes, or Broken."""
        self._succeeded()
        expect_equal(self.content, b"", "body")

    def document(self) -> Document:
        """The JSON object of a success, or Broken."""
        self._succeeded()
        return shapes.an_object(self._json(), "the answer")

    def refused(self, status: int = BAD_REQUEST, code: str = "BAD_DATA") -> Document:
        """The error body of a refusal, or Broken."""
        expect_equal(self.status, status, "HTTP status")
        error = shapes.check(self._json(), shapes.ERROR, "the error")
        expect_equal(error["code"], code, "code")
        return error

    def said(self, message: str) -> None:
        """A refusal with 400 and exactly this message, or Broken."""
        expect_equal(self.refused()["message"], message, "message")

    def _succeeded(self) -> None:
        told = self.content[:200].decode("utf-8", "replace")
        expect(self.status == OK, f"HTTP {self.status} instead of 200: {told}")

    def _json(self) -> object:
        kind = self.headers.get("content-type", "").split(";")[0]
        expect_equal(kind, "application/json", "Content-Type")
        try:
            return json.loads(self.content)
        except ValueError:
            raise Broken(f"HTTP {self.status} without JSON") from None


class Caller:
    """One login at one base URL."""

    def __init__(self, base_url: str, login: Login) -> None:
        self.login = login
        self._base = urlsplit(base_url)
        self._prefix = self._base.path.rstrip("/")

    def mounted_at(self, prefix: str) -> "Caller":
        """The same server with another prefix before its paths."""
        return Caller(self._base._replace(path=prefix).geturl(), self.login)

    def post(self, path: str, document: object) -> Reply:
        """A POST as a well-behaved client sends it."""
        return self.send("POST", path, json.dumps(document).encode())

    def put(self, path: str, document: object) -> Reply:
        """A PUT as a well-behaved client sends it."""
        return self.send("PUT", path, json.dumps(document).encode())

    def send(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Send bytes to a path below the base URL; waits when told that it is too fast.

        `headers` take the place of the credentials and the content type.
        """
        reply = self.immediate(method, path, body, headers)
        for _ in range(_PATIENCE):
            if reply.status != TOO_MANY:
                break
            time.sleep(float(reply.headers.get("retry-after", "1")))
            reply = self.immediate(method, path, body, headers)
        return reply

    def immediate(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """The same without waiting, whatever is answered."""
        kind = (
            http.client.HTTPSConnection
            if self._base.scheme == "https"
            else http.client.HTTPConnection
        )
        connection = kind(self._base.hostname or "", self._base.port, timeout=_TIMEOUT)
        sent = self.credentials() if headers is None else dict(headers)
        try:
            connection.request(method, self._prefix + path, body or None, sent)
            return _read(connection.getresponse())
        except http.client.HTTPException as exc:
            raise OSError(type(exc).__name__) from exc
        finally:
            connection.close()

    def credentials(self) -> dict[str, str]:
        """The headers of a well-behaved client that has no domain."""
        return {
            "authUsername": self.login.user,
            "authPassword": self.login.password,
            "Content-Type": "application/json",
        }


def _read(answer: http.client.HTTPResponse) -> Reply:
    headers = {name.lower(): value for name, value in answer.getheaders()}
    return Reply(answer.status, headers, answer.read())


def opened(url: str) -> bytes:
    """What a plain GET of an address brings, without any header of ours."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=_TIMEOUT)
    try:
        connection.request("GET", parts._replace(scheme="", netloc="").geturl())
        reply = _read(connection.getresponse())
    except http.client.HTTPException as exc:
        raise OSError(type(exc).__name__) from exc
    finally:
        connection.close()
    expect_equal(reply.status, OK, f"HTTP status of {parts.path.rpartition('/')[0]}/…")
    return reply.content


def opened_pdf(url: object) -> bytes:
    """A PDF behind an address, or Broken."""
    content = opened(str(url))
    expect(content.startswith(b"%PDF-"), "what the address opens is no PDF")
    return content
