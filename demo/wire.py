"""Calls to one server, patient with its restarts."""

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from demo.channel import Answer, BrokenAnswerError, Channel

FAULTS = frozenset({500, 502, 503, 504})
TOO_MANY = 429
LONGEST_WAIT = 30.0


class UnreachableError(Exception):
    """The server could not be reached, or kept failing, for longer than our patience."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often one call is tried."""

    seconds: float = 240.0
    timeout: float = 30.0
    first_pause: float = 0.05
    longest_pause: float = 3.0
    faults: int = 40


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it goes out."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""


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
        self._address = urlsplit(base_url)
        if self._address.scheme not in {"http", "https"} or not self._address.hostname:
            raise ValueError(f"not an http address: {base_url!r}")
        self.prefix = self._address.path.rstrip("/")
        self._patience = patience or Patience()
        self._local = threading.local()
        self.traffic = Traffic()

    def call(
        self, prepare: Callable[[], Request], is_fault: Callable[[Answer], bool] = lambda _: False
    ) -> Answer:
        """The answer to a request, which `prepare` makes anew for each try.

        `is_fault` may call an answer a fault of the server: worth another try. Raises
        UnreachableError once the patience is used up.
        """
        tried = _Tries(self._patience)
        while True:
            request = prepare()
            try:
                answer = self._channel().exchange(
                    request.method, request.target, request.headers, request.body
                )
            except BrokenAnswerError as error:
                tried.wait(error, pause=None, is_fault=False)
                continue
            if answer.status == TOO_MANY:
                tried.wait("too many calls", pause=_seconds(answer.retry_after), is_fault=False)
            elif answer.status in FAULTS or is_fault(answer):
                problem = f"status {answer.status}: {answer.body[:200]!r}"
                tried.wait(problem, pause=_seconds(answer.retry_after), is_fault=True)
            else:
                self.traffic.count(retries=tried.count)
                return answer

    def close(self) -> None:
        """Close this thread's connection; the next call opens it again."""
        channel: Channel | None = getattr(self._local, "channel", None)
        if channel is not None:
            channel.close()

    def _channel(self) -> Channel:
        channel: Channel | None = getattr(self._local, "channel", None)
        if channel is None:
            channel = Channel(self._address, timeout=self._patience.timeout)
            self._local.channel = channel
        return channel


class _Tries:
    """The tries of one call, with growing pauses between them."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._until = time.monotonic() + patience.seconds
        self._faults = 0
        self.count = 0

    def wait(self, problem: object, *, pause: float | None, is_fault: bool) -> None:
        self.count += 1
        self._faults += is_fault
        if time.monotonic() > self._until or self._faults > self._patience.faults:
            raise UnreachableError(f"gave up after {self.count} tries: {problem}")
        grown: float = self._patience.first_pause * 2 ** min(self.count - 1, 10)
        usual = min(grown, self._patience.longest_pause) * random.uniform(0.5, 1.0)
        time.sleep(usual if pause is None else pause)


def _seconds(value: str | None) -> float | None:
    """What Retry-After asks for; the HTTP date form is treated as absent."""
    try:
        return None if value is None else min(max(float(value), 0.05), LONGEST_WAIT)
    except ValueError:
        return None
