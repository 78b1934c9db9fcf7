"""HTTP with kept-alive connections, patient with a server that restarts."""

import http.client
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

FAULTS = frozenset({500, 502, 503, 504})
TOO_MANY = 429


class UnreachableError(Exception):
    """The server could not be reached, or kept failing, for longer than our patience."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often one call is tried."""

    seconds: float = 240.0
    timeout: float = 30.0
    first_pause: float = 0.05
    longest_pause: float = 3.0
    faults: int = 10


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it goes out."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; `code` is what decides about a retry: the envelope's or the HTTP status."""

    status: int
    body: bytes
    retry_after: float | None


@dataclass(slots=True)
class Traffic:
    """What went over a wire so far."""

    calls: int = 0
    retries: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, *, retries: int) -> None:
        with self._lock:
            self.calls += 1
            self.retries += retries


class Wire:
    """One server. Every thread has a connection of its own.

    A call is repeated until it is answered, so whatever is sent must be safe to repeat.
    """

    def __init__(self, base_url: str, *, patience: Patience | None = None) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"not an http address: {base_url!r}")
        self._factory = (
            http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        )
        self._host, self._port = parts.hostname, parts.port
        self.prefix = parts.path.rstrip("/")
        self._patience = patience or Patience()
        self._local = threading.local()
        self.traffic = Traffic()

    def call(
        self, prepare: Callable[[], Request], is_fault: Callable[[Answer], bool] = lambda _: False
    ) -> Answer:
        """The answer to a request, which `prepare` makes anew for each try.

        `is_fault` may call an answer a fault of the server: worth another try.

        Raises UnreachableError once the patience is used up.
        """
        tried = _Tries(self._patience)
        while True:
            problem: object
            try:
                answer = self._exchange(prepare())
            except (OSError, http.client.HTTPException) as error:
                self._drop()
                problem, pause, is_counted = error, None, False
            else:
                if not _wants_retry(answer) and not is_fault(answer):
                    self.traffic.count(retries=tried.count)
                    return answer
                problem, pause = (
                    f"status {answer.status}: {answer.body[:200]!r}",
                    answer.retry_after,
                )
                is_counted = answer.status != TOO_MANY
            tried.wait(problem, pause=pause, is_counted=is_counted)

    def _exchange(self, request: Request) -> Answer:
        connection = self._connection()
        connection.request(request.method, request.target, request.body or None, request.headers)
        response = connection.getresponse()
        body = response.read()
        if response.will_close:
            self._drop()
        return Answer(response.status, body, _seconds(response.getheader("Retry-After")))

    def _connection(self) -> http.client.HTTPConnection:
        connection: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._factory(self._host, self._port, timeout=self._patience.timeout)
            self._local.connection = connection
        return connection

    def _drop(self) -> None:
        connection: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        self._local.connection = None
        if connection is not None:
            connection.close()


class _Tries:
    """The tries of one call, with growing pauses between them."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._until = time.monotonic() + patience.seconds
        self._faults = 0
        self.count = 0

    def wait(self, problem: object, *, pause: float | None, is_counted: bool) -> None:
        self.count += 1
        self._faults += is_counted
        if time.monotonic() > self._until or self._faults > self._patience.faults:
            raise UnreachableError(f"gave up after {self.count} tries: {problem}")
        grown: float = self._patience.first_pause * 2 ** min(self.count - 1, 10)
        longest = min(grown, self._patience.longest_pause) * random.uniform(0.5, 1.0)
        time.sleep(longest if pause is None else pause)


def _wants_retry(answer: Answer) -> bool:
    return answer.status == TOO_MANY or answer.status in FAULTS


def _seconds(value: str | None) -> float | None:
    try:
        return None if value is None else min(max(float(value), 0.05), 30.0)
    except ValueError:
        return None
