"""Calls of the installed WSGI application inside this process, without a server or a socket."""

import io
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import msgspec
from django.db import connection

from bench import orders
from demo.signing import Credentials, sign
from oms.kernel import sql, walls
from oms.wsgi import application

PORT = 8000
Application = Callable[[dict[str, Any], Callable[..., None]], Any]
OMS = cast("Application", application)


class CallError(Exception):
    """A call was refused."""


@dataclass(slots=True)
class Cost:
    """What the calls of one operation took."""

    calls: int = 0
    wall: float = 0.0
    cpu: float = 0.0
    statements: int = 0


@dataclass(slots=True)
class Caller:
    """Signs, calls, and counts what each operation costs."""

    serve: Application = OMS
    costs: dict[str, Cost] = field(default_factory=dict)
    _statements: int = 0

    def __post_init__(self) -> None:
        """Statements of the ORM and those of the hot paths are told apart nowhere else."""
        sql.listeners.append(self._heard)
        connection.execute_wrappers.append(self._wrapped)

    def post(self, path: str, body: bytes, key: Credentials, *, name: str = "") -> Any:
        """The data of the answer to a POST."""
        return self._call("POST", path, "", body, key, (), name or path.rpartition("/")[2])

    def get(self, path: str, key: Credentials, **query: str) -> Any:
        """The data of the answer to a GET."""
        pairs = tuple(query.items())
        search = "&".join(f"{name}={value}" for name, value in pairs)
        return self._call("GET", path, search, b"", key, pairs, path.rpartition("/")[2])

    def measured(self, name: str, work: Callable[[], Any]) -> Any:
        """Work of another process, counted under a name of its own."""
        walls.outside()
        return self._measured(name, work)

    def _measured(self, name: str, work: Callable[[], Any]) -> Any:
        cost = self.costs.setdefault(name, Cost())
        before, wall, cpu = self._statements, time.perf_counter(), time.thread_time()
        result = work()
        cost.wall += time.perf_counter() - wall
        cost.cpu += time.thread_time() - cpu
        cost.statements += self._statements - before
        cost.calls += 1
        return result

    def _call(
        self,
        method: str,
        path: str,
        search: str,
        body: bytes,
        key: Credentials,
        pairs: tuple[tuple[str, str], ...],
        name: str,
    ) -> Any:
        timestamp = time.time_ns() // 1_000_000
        environ = _environ(method, path, search, body) | {
            "HTTP_TENANT_ID": key.tenant_id,
            "HTTP_API_KEY": key.api_key,
            "HTTP_TIMESTAMP": str(timestamp),
            "HTTP_SIGNATURE": sign(path, key, timestamp, query=pairs, body=body),
        }
        answer = self._measured(name, lambda: self._serve(environ))
        document = msgspec.json.decode(answer)
        if document["code"] != "200":
            raise CallError(f"{path}: {answer[:300]!r}")
        return document["data"]

    def _serve(self, environ: dict[str, Any]) -> bytes:
        response = self.serve(environ, lambda *_: None)
        try:
            return b"".join(response)
        finally:
            response.close()

    def _heard(self, _statement: str) -> None:
        self._statements += 1

    def _wrapped(
        self, execute: Callable[..., Any], query: str, params: Any, many: bool, context: Any
    ) -> Any:
        self._statements += 1
        return execute(query, params, many, context)


def order(number: str, random: Any) -> bytes:
    """A paid order."""
    now_ms = time.time_ns() // 1_000_000
    return orders.order_body(number, random=random, now_ms=now_ms, hot=False, paid=True)


def _environ(method: str, path: str, search: str, body: bytes) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": search,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": str(PORT),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": f"127.0.0.1:{PORT}",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
