"""From an event to the first try at an endpoint: the two runs side by side. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

MARK = 20.0  # percent that p99 may rise
CALM = 500.0  # milliseconds; a p99 above that with all healthy tells of a busy machine


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds."""

    count: int
    p50: float
    p99: float


def too_busy(runs: Sequence[Latency]) -> list[str]:
    """Why runs with all healthy are no measure: waiting there hides what hanging adds."""
    worst = max(found.p99 for found in runs)
    if worst <= CALM:
        return []
    return [f"p99 is {worst:.0f} ms with all healthy: too busy a machine to compare anything"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All healthy against some hanging, seen from endpoints that are healthy in both."""

    healthy: Latency
    beside_hanging: Latency

    @property
    def rise(self) -> float:
        """Of p99, in percent."""
        return (self.beside_hanging.p99 - self.healthy.p99) / self.healthy.p99 * 100

    @property
    def is_reached(self) -> bool:
        return self.rise < MARK


def latency(seconds: Sequence[float]) -> Latency:
    """Of one run, or of several together. Raises ValueError without any."""
    ordered = sorted(seconds)
    return Latency(len(ordered), percentile(ordered, 50) * 1000, percentile(ordered, 99) * 1000)


def percentile(ordered: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent do not exceed; values ascend."""
    if not ordered:
        raise ValueError("nothing was measured")
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]
