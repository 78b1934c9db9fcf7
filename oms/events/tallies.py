"""How attempts are counted: in which ten minutes, and in which place by their duration."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, datetime

SECONDS = 600
BOUNDS_MS = (5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)
PLACES = len(BOUNDS_MS) + 1


def begin_of(moment: datetime) -> datetime:
    """When the ten minutes of a moment began."""
    return datetime.fromtimestamp(moment.timestamp() // SECONDS * SECONDS, UTC)


def place_of(duration_ms: int) -> int:
    """Where an attempt of that duration is counted."""
    return bisect_left(BOUNDS_MS, duration_ms)


def percentile(durations: Sequence[int], share: float) -> int | None:
    """The bound in milliseconds that `share` of the attempts kept; None without attempts.

    What was slower than the last bound counts as the last bound.
    """
    wanted = share * sum(durations)
    if not wanted:
        return None
    seen = 0
    for place, count in enumerate(durations):
        seen += count
        if seen >= wanted:
            return BOUNDS_MS[min(place, len(BOUNDS_MS) - 1)]
    return BOUNDS_MS[-1]
