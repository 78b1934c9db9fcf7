"""Work for a few threads: now or later, in order of time."""

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)


class Agenda:
    """Runs actions on daemon threads. An action that fails is remembered, not repeated."""

    def __init__(self, *, threads: int, name: str = "agenda") -> None:
        self._entries: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._is_closed = False
        self.problems: list[Exception] = []
        self._threads = [
            threading.Thread(target=self._run, name=f"{name}-{number}", daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def add(self, action: Callable[[], None], *, delay: float = 0.0) -> None:
        """Run the action `delay` seconds from now, or as soon as a thread is free."""
        with self._changed:
            entry = (time.monotonic() + delay, next(self._order), action)
            heapq.heappush(self._entries, entry)
            self._changed.notify()

    def repeat(self, action: Callable[[], float]) -> None:
        """Run the action again and again; it says after how many seconds. Also after a failure."""

        def once() -> None:
            pause = 1.0
            try:
                pause = action()
            finally:
                self.add(once, delay=pause)

        self.add(once)

    @property
    def backlog(self) -> int:
        """Actions that wait for a thread or for their time."""
        return len(self._entries)

    def close(self, *, seconds: float = 60.0) -> None:
        """Finish what is being done, drop the rest."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _run(self) -> None:
        while (action := self._next()) is not None:
            try:
                action()
            except Exception as problem:
                log.exception("an action failed")
                self.problems.append(problem)

    def _next(self) -> Callable[[], None] | None:
        with self._changed:
            while not self._is_closed:
                now = time.monotonic()
                if self._entries and self._entries[0][0] <= now:
                    return heapq.heappop(self._entries)[2]
                self._changed.wait(self._entries[0][0] - now if self._entries else None)
        return None
