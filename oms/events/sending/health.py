"""What may be sent to an endpoint, by how it went lately. Pure.

The breaker keeps a dead endpoint from being asked: after ten tries in five minutes of which seven
in ten failed it opens for 30 seconds, doubling up to 15 minutes; then one delivery at a time goes
out on probation, and three successes close it. The window keeps one that hangs from holding more
than a few connections.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from oms.events.choices import AttemptOutcome, BreakerState

COUNTED = timedelta(minutes=5)
LEAST_COUNTED = 10
FAILING_SHARE = 0.7
OPEN_FOR = timedelta(seconds=30)
OPEN_LONGEST = timedelta(minutes=15)
CLOSING_SUCCESSES = 3

GIVEN_UP_AFTER = timedelta(days=5)
GIVEN_UP_FAILURES = 20
WARNINGS = (50, 70, 90, 100)  # percent of that time

_HANGING = frozenset({AttemptOutcome.TIMEOUT, AttemptOutcome.CONNECTION})


@dataclass(slots=True, kw_only=True)
class Health:
    """An endpoint's health row, while the results of its tries are worked in."""

    endpoint_id: int
    max_in_flight: int
    breaker: str
    breaker_until: datetime | None
    breaker_trips: int
    breaker_successes: int
    recent: list[list[int]]
    """Minute, attempts, failures; the oldest first."""
    window: int
    not_before: datetime | None
    failing_since: datetime | None
    failures_in_a_row: int
    warned_percent: int
    last_success_at: datetime | None
    last_failure_at: datetime | None
    last_error: str

    def succeed(self, *, now: datetime) -> None:
        """A delivery arrived."""
        self._count(now, failures=0)
        self.window = min(self.window + 1, self.max_in_flight)
        self.failing_since = None
        self.failures_in_a_row = self.warned_percent = 0
        self.last_success_at = now
        if self.breaker == BreakerState.HALF_OPEN:
            self.breaker_successes += 1
            if self.breaker_successes >= CLOSING_SUCCESSES:
                self._close()

    def fail(self, outcome: AttemptOutcome, *, error: str, now: datetime) -> None:
        """A delivery did not arrive."""
        self._count(now, failures=1)
        if outcome in _HANGING:
            self.window = max(self.window // 2, 1)
        self.failing_since = self.failing_since or now
        self.failures_in_a_row += 1
        self.last_failure_at = now
        self.last_error = error
        if self.breaker == BreakerState.HALF_OPEN or self._fails_mostly():
            self._open(now)

    def pause(self, until: datetime) -> None:
        """The receiver asked for it."""
        self.not_before = max(until, self.not_before or until)

    def is_given_up(self, *, now: datetime) -> bool:
        """Whether it has failed for so long that nothing is sent any more."""
        return (
            self.failing_since is not None
            and now - self.failing_since >= GIVEN_UP_AFTER
            and self.failures_in_a_row >= GIVEN_UP_FAILURES
        )

    def due_warning(self, *, now: datetime) -> int | None:
        """The next step of the ladder it has reached and nobody was told of, in percent."""
        if self.failing_since is None:
            return None
        reached = (now - self.failing_since) / GIVEN_UP_AFTER * 100
        steps = [step for step in WARNINGS if self.warned_percent < step <= reached]
        return max(steps, default=None)

    def _count(self, now: datetime, *, failures: int) -> None:
        minute = int(now.timestamp() // 60)
        oldest = minute - COUNTED // timedelta(minutes=1)
        self.recent = [bucket for bucket in self.recent if bucket[0] > oldest]
        if not self.recent or self.recent[-1][0] != minute:
            self.recent.append([minute, 0, 0])
        self.recent[-1][1] += 1
        self.recent[-1][2] += failures

    def _fails_mostly(self) -> bool:
        attempts = sum(bucket[1] for bucket in self.recent)
        failures = sum(bucket[2] for bucket in self.recent)
        return (
            self.breaker == BreakerState.CLOSED
            and attempts >= LEAST_COUNTED
            and failures >= FAILING_SHARE * attempts
        )

    def _open(self, now: datetime) -> None:
        self.breaker_trips += 1
        pause = OPEN_FOR * 2 ** min(self.breaker_trips - 1, 10)
        self.breaker = BreakerState.OPEN
        self.breaker_until = now + min(pause, OPEN_LONGEST)
        self.breaker_successes = 0
        self.recent = []

    def _close(self) -> None:
        self.breaker = BreakerState.CLOSED
        self.breaker_until = None
        self.breaker_trips = self.breaker_successes = 0
        self.recent = []
