"""Working off due rows in batches: what every sweep and hint runs."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from django.utils import timezone

from oms.kernel.jobs import HINT_INTERVAL

WATCH = 4 * HINT_INTERVAL  # longer than hints are left out for, so no late row is missed
LIMIT = 60.0  # seconds; well below the hard time limit, then the next hint or sweep goes on


class Batch(Protocol):
    """One transaction's worth of work; returns how many rows it took."""

    def __call__(self, *, now: datetime) -> int: ...


def drain(
    batch: Batch, *, clock: Callable[[], datetime] = timezone.now, watch: float = WATCH
) -> int:
    """Run batches until nothing has been due for `watch` seconds. Returns the rows taken.

    This is an entry point of background work, so it reads the clock, once per batch.
    """
    started = idle_since = time.monotonic()
    total = 0
    while time.monotonic() - started < LIMIT:
        taken = batch(now=clock())
        total += taken
        if taken:
            idle_since = time.monotonic()
        elif time.monotonic() - idle_since >= watch:
            break
        else:
            time.sleep(HINT_INTERVAL / 2)
    return total
