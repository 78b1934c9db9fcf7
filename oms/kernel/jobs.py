"""Starting background work. The row is the job; a message is only a hint that may be lost."""

import time
from typing import Any, Protocol

from django.db import transaction

HINT_INTERVAL = 0.2  # seconds; drains wait longer than this for late rows before they end
BROKER_REST = 2.0  # seconds without hints after the broker did not take one
# After so many seconds in a queue a hint is dropped: a sweep has looked since. Where workers cannot
# keep up, old hints would otherwise stand before the sweeps of every other lane.
HINT_LIFE = 10.0

_next_hint: dict[str, float] = {}


class Job(Protocol):
    """What Celery's tasks look like from here."""

    name: str

    def delay(self, **kwargs: Any) -> Any: ...

    def apply_async(self, *, expires: float) -> Any: ...


def after_commit(job: Job, **kwargs: object) -> None:
    """Start a job once the current transaction commits.

    A broker that is down must not fail a request whose data is already safe, so the
    error is logged and the periodic sweep picks the work up.
    """

    def start() -> None:
        job.delay(**kwargs)

    transaction.on_commit(start, robust=True)


def hint_after_commit(job: Job) -> None:
    """Tell the workers after the commit that rows are due; at most once per HINT_INTERVAL.

    One message wakes a drain that works until nothing is due and then watches for longer than
    the interval, so a hint left out here loses nothing; a sweep covers lost messages. While the
    broker is down, requests do not pay for trying it each time.
    """

    def hint() -> None:
        now = time.monotonic()
        if now >= _next_hint.get(job.name, 0.0):
            _next_hint[job.name] = now + BROKER_REST
            job.apply_async(expires=HINT_LIFE)
            _next_hint[job.name] = now + HINT_INTERVAL

    transaction.on_commit(hint, robust=True)
