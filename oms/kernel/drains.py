"""Working off due rows in batches: what every sweep and hint runs."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol

from django.db import connection
from django.utils import timezone

from oms.kernel import sql
from oms.kernel.jobs import HINT_INTERVAL

WATCH = 3 * HINT_INTERVAL  # longer than hints are left out for, so no late row is missed
POLL = 0.025  # seconds between looks while nothing is due
LIMIT = 60.0  # seconds; well below the hard time limit, then the next hint or sweep goes on


class Batch(Protocol):
    """One transaction's worth of work; returns how many rows it took."""

    def __call__(self, *, now: datetime) -> int: ...


def drain(
    batch: Batch,
    *,
    lane: str,
    slots: int = 1,
    is_sweep: bool = False,
    clock: Callable[[], datetime] = timezone.now,
    watch: float = WATCH,
) -> int:
    """Run batches until nothing has been due for `watch` seconds. Returns the rows taken.

    At most `slots` drains of a lane run at a time, on all machines together: hints that arrive
    meanwhile are for rows the running ones will see, so they end at once instead of filling the
    workers. A sweep watches for nobody: the next one comes by the clock. This is an entry point
    of background work, so it reads the clock, once per batch.
    """
    with slot(lane, slots) as number:
        if number is None:
            return 0
        return _run(batch, clock=clock, watch=0 if is_sweep else watch)


def _run(batch: Batch, *, clock: Callable[[], datetime], watch: float) -> int:
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
            time.sleep(POLL)
    return total


@contextmanager
def slot(lane: str, slots: int) -> Iterator[int | None]:
    """Hold one of the lane's slots: a lock of the database session, gone with its process.

    Gives its number, or None when all are taken. Whoever held that number before is gone.
    """
    with connection.cursor() as cursor:
        for number in range(slots):
            key = _key(lane, number)
            cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [key])
            if cursor.fetchone()[0]:
                break
        else:
            yield None
            return
    try:
        yield number
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [key])


def unheld(lane: str, slots: int) -> list[int]:
    """The slots nobody but this session holds. They stay so until the transaction ends.

    Whoever tries for one meanwhile finds it taken and ends, as for any other.
    """
    sql.require_transaction()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number FROM unnest(%s::int[], %s::text[]) AS s (number, key)"
            " WHERE pg_try_advisory_xact_lock(hashtext(key)) ORDER BY number",
            [list(range(slots)), [_key(lane, number) for number in range(slots)]],
        )
        return [number for (number,) in cursor.fetchall()]


def _key(lane: str, number: int) -> str:
    return f"drain.{lane}.{number}"
