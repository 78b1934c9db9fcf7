"""Sending for the length of one job: kept-alive connections and one limit of time for all calls."""

import asyncio
import time
from types import TracebackType
from typing import Self

from channels_app.connectors.base import RemoteUnavailable
from channels_app.connectors.omnitron.settings import Timeouts
from oms.kernel import http

MOST_BYTES = 16 * 1024 * 1024
LEAST = 0.05  # seconds; with less left, a call is not begun


class Wire:
    """A context manager. `within` is how many seconds all its calls may take together."""

    def __init__(self, *, timeouts: Timeouts, within: float) -> None:
        self._timeouts = timeouts
        self._within = within
        self._runner = asyncio.Runner()
        self._opened = http.open_client(connections=4)
        self._began = 0.0

    def __enter__(self) -> Self:
        self._began = time.monotonic()
        self._runner.run(self._opened.__aenter__())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._runner.run(self._opened.__aexit__(kind, error, trace))
        self._runner.close()

    @property
    def seconds_left(self) -> float:
        """Until the job should have come to its end."""
        return self._within - (time.monotonic() - self._began)

    def send(
        self, method: str, url: str, *, headers: dict[str, str], body: bytes = b"", endpoint: str
    ) -> http.Answer:
        """Send once. Raises RemoteUnavailable; an answer is an answer, whatever its status."""
        left = self.seconds_left
        if left < LEAST:
            raise RemoteUnavailable(f"{endpoint}: the time of the job was over")
        try:
            request = http.Request(
                method=method,
                url=url,
                headers=headers,
                body=body,
                allow_private=True,  # an operator named the origin (contract 12a.1)
                deadline=min(self._timeouts.connect + self._timeouts.read, left),
                connect_within=min(self._timeouts.connect, left),
                most_bytes=MOST_BYTES,
            )
            return self._runner.run(self._opened.send(request))
        except (http.HttpError, http.HeaderRefused) as error:
            raise RemoteUnavailable(f"{endpoint}: {error}") from None
