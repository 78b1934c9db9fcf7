"""What is proven, and how hard."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HangPlan:
    """Healthy endpoints must not notice that others hang."""

    endpoints: int = 1_000
    hanging_percent: int = 10
    reach: int = 25
    """How many endpoints hear of one event."""
    rate: float = 8.0
    """Events a second."""
    seconds: float = 60.0
    """Of one run; a round has two."""
    rounds: int = 2

    @property
    def groups(self) -> int:
        """Endpoints of one group hear of the same events."""
        return max(1, self.endpoints // self.reach)


@dataclass(frozen=True, slots=True)
class KillPlan:
    """Nothing is lost, whatever dies."""

    minutes: float = 5.0
    pause: float = 5.0
    """Seconds between two kills of a worker."""
    flush_every: float = 60.0
    """Seconds between two losses of everything in Valkey."""
    endpoints: int = 6
    orders_per_second: float = 2.0
    seed: int = 1

    @property
    def seconds(self) -> float:
        return self.minutes * 60

    @property
    def orders(self) -> int:
        return max(1, round(self.seconds * self.orders_per_second))
