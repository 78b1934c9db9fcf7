"""Sending signed calls and reading their envelope."""

import http.client
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import SplitResult, quote, urlsplit
from uuid import UUID

from . import shapes
from .signing import Key, signature, text_to_sign
from .verdicts import Broken, expect, expect_equal

Pairs = Sequence[tuple[str, str]]
_TIMEOUT = 30  # seconds
_PATIENCE = 3  # times a throttled call is repeated
_ALWAYS_SHOWN = ("413", "429", "500")  # codes that are the HTTP status as well


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call, and in what it differs from how a well-behaved client signs and sends it."""

    method: str = "POST"
    path: str
    pairs: Pairs = ()
    """The query, decoded."""
    body: bytes = b""
    raw_query: str | None = None
    """The query as it is written in the URL, when that is not simply `pairs`, encoded."""
    signed_path: str | None = None
    signed_pairs: Pairs | None = None
    signed_body: bytes | None = None
    millis: int | str | None = None
    tweak: Callable[[dict[str, str]], None] | None = None
    """Changes the headers after they were signed."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer whose envelope is as the contract has it."""

    status: int
    code: str
    message: str
    data: object = field(repr=False)
    request_id: str

    @classmethod
    def read(cls, status: int, content: bytes) -> Self:
        """Check the envelope. Raises Broken."""
        try:
            document = json.loads(content)
        except ValueError:
            raise Broken(f"HTTP {status} without JSON") from None
        found = shapes.check(document, shapes.ENVELOPE, "the answer")
        code, message = str(found["code"]), str(found["message"])
        expect(str(UUID(str(found["request_id"]))) == found["request_id"], "request_id: no UUID")
        expect((code == "200") == (message == "success"), f"code {code} with message {message!r}")
        expect(code == "200" or found["data"] is None, f"code {code} with data")
        # 200 for refusals too, or all codes mirrored: a switch of the installation.
        expect(
            status == int(code) or (status == http.client.OK and code not in _ALWAYS_SHOWN),
            f"code {code} with HTTP {status}",
        )
        return cls(status, code, message, found["data"], str(found["request_id"]))

    def succeeded(self) -> object:
        """The data of a success, or Broken."""
        expect(self.code == "200", f"code {self.code} ({self.message}) instead of 200")
        return self.data

    def stored(self) -> None:
        """A success that returns nothing, or Broken."""
        expect_equal(self.succeeded(), None, "data")

    def refused(self, code: str) -> None:
        """A refusal with this code, or Broken."""
        expect_equal(self.code, code, "code")


class Caller:
    """One key at one base URL."""

    def __init__(self, base_url: str, key: Key) -> None:
        self.key = key
        self._base: SplitResult = urlsplit(base_url)
        self.request_ids: list[str] = []

    def post(self, path: str, document: Mapping[str, object]) -> Reply:
        """A call with a JSON body."""
        return self.send(Call(path=path, body=json.dumps(document).encode()))

    def get(self, path: str, **query: object) -> Reply:
        """A call with a query; lists are written in brackets."""
        pairs = [(name, _text(value)) for name, value in query.items()]
        return self.send(Call(method="GET", path=path, pairs=pairs))

    def send(self, call: Call) -> Reply:
        """Sign, send and read; wait when the installation says that it is too fast."""
        status, headers, content = self._exchange(call)
        for _ in range(_PATIENCE):
            if status != http.client.TOO_MANY_REQUESTS:
                break
            time.sleep(float(headers.get("retry-after", "1")))
            status, headers, content = self._exchange(call)
        reply = Reply.read(status, content)
        self.request_ids.append(reply.request_id)
        return reply

    def _exchange(self, call: Call) -> tuple[int, dict[str, str], bytes]:
        kind = (
            http.client.HTTPSConnection
            if self._base.scheme == "https"
            else http.client.HTTPConnection
        )
        connection = kind(self._base.hostname or "", self._base.port, timeout=_TIMEOUT)
        query = call.raw_query if call.raw_query is not None else _encoded(call.pairs)
        target = self._base.path.rstrip("/") + call.path + (f"?{query}" if query else "")
        try:
            connection.request(call.method, target, call.body or None, self._headers(call))
            answer = connection.getresponse()
            headers = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, headers, answer.read()
        except http.client.HTTPException as exc:
            raise OSError(type(exc).__name__) from exc
        finally:
            connection.close()

    def _headers(self, call: Call) -> dict[str, str]:
        millis = str(now() if call.millis is None else call.millis)
        headers = {"tenant_id": self.key.tenant_id, "api_key": self.key.api_key}
        headers["timestamp"] = millis
        pairs = call.pairs if call.signed_pairs is None else call.signed_pairs
        body = call.body if call.signed_body is None else call.signed_body
        text = text_to_sign(call.signed_path or call.path, [*headers.items(), *pairs], body)
        headers["signature"] = signature(self.key.secret, text)
        headers["Content-Type"] = "application/json"
        if call.tweak is not None:
            call.tweak(headers)
        return headers


def now() -> int:
    """The time as the contract's milliseconds."""
    return int(time.time() * 1000)


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return "[" + ",".join(str(each) for each in value) + "]"
    return str(value)


def _encoded(pairs: Pairs) -> str:
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)
