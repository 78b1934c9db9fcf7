"""One job of the worker: claim, prepare, send and record until nothing is due.

The courier's loop sends in a thread of its own; this thread has the database, in transactions of
milliseconds. What is in flight is never waited for as a whole: as results come in they are
recorded, and more is claimed in their place.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from oms.events.sending.claiming import claim, newest, release_expired
from oms.events.sending.courier import Courier, Transport
from oms.events.sending.disabling import see_to
from oms.events.sending.letters import Try
from oms.events.sending.preparing import prepare
from oms.events.sending.receivers import Receivers
from oms.events.sending.recording import record
from oms.events.sending.watching import observe
from oms.kernel import metrics
from oms.kernel.drains import POLL, WATCH
from oms.kernel.http import open_client

MOST_IN_FLIGHT = 500  # of one process
CLAIMED = 250  # at once: prepared and on their way before more is looked for
RECORDED = 250  # at once
TICK = 0.02  # seconds results are gathered for
SLOWEST = 0.16  # seconds between claims that find nothing, while results and no news come
RELEASE_EVERY = 5.0  # seconds between looks for leases that ended
LIMIT = 20.0  # seconds; then the process is there for others
LAST_LIMIT = 60.0  # seconds; nothing is claimed after that


@dataclass(slots=True)
class Delivered:
    """What a job did."""

    recorded: int = 0
    late: int = 0
    has_more: bool = False
    """It ended by its time, not because nothing was due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long a job goes on."""

    watch: float = WATCH
    """Seconds nothing must have been due before it ends."""
    limit: float = LIMIT
    is_sweep: bool = False
    """It ends at once when nothing is due at its start: the next one comes by the clock."""
    slot: int | None = None
    """Which of the lane's slots it holds: its claims say so, for `release_orphaned`."""


def deliver(
    *,
    clock: Callable[[], datetime] = timezone.now,
    pause: Callable[[float], None] = time.sleep,
    transport: Callable[[], Transport] = open_client,
    pace: Pace | None = None,
) -> Delivered:
    """Send what is due, until nothing has been due or in flight for a while.

    After the limit it makes way for other jobs. Receivers that hang could hold it for as long as
    their deadline; meanwhile it goes on for endpoints whose last try arrived, so that these never
    wait for the others. An entry point of background work, so it reads the clock.
    """
    with Courier(clock=clock, transport=transport) as courier:
        job = _Job(courier=courier, clock=clock, pause=pause, pace=pace or Pace())
        job.run()
    return job.done


@dataclass(slots=True)
class _Job:
    courier: Courier
    clock: Callable[[], datetime]
    pause: Callable[[float], None]
    pace: Pace
    done: Delivered = field(default_factory=Delivered)
    receivers: Receivers = field(default_factory=Receivers)
    _begun: float = field(default_factory=time.monotonic)
    _next_claim: float = 0.0
    _gap: float = TICK
    _newest: int = 0
    """The newest delivery at the last claim: with another one, the next claim does not wait."""
    _next_release: float = 0.0
    _last_claims: set[UUID] | None = None
    """Claims made since the time was over."""
    _old_in_flight: int = 0
    """Messages on their way since before that."""

    def run(self) -> None:
        idle_since = time.monotonic()
        while True:
            if self._turn() or self.courier.in_flight:
                idle_since = time.monotonic()
                continue
            is_late = self._last_claims is not None
            if is_late or time.monotonic() - idle_since >= self._watch():
                self.done.has_more = is_late
                return
            self.pause(POLL)

    def _watch(self) -> float:
        return 0 if self.pace.is_sweep and not self.done.recorded else self.pace.watch

    def _turn(self) -> bool:
        """Claim once, if it is time; record what came back. Whether there was anything."""
        self._note_time()
        claimed = self._claim() if self._may_claim() else False
        tries = self.courier.results(wait=TICK if self.courier.in_flight else 0, most=RECORDED)
        if tries:
            self._record(tries)
            self._gap, self._next_claim = TICK, 0.0
        return claimed or bool(tries)

    def _note_time(self) -> None:
        if self._last_claims is None and time.monotonic() - self._begun >= self.pace.limit:
            self._last_claims = set()
            self._old_in_flight = self.courier.in_flight

    def _may_claim(self) -> bool:
        now = time.monotonic()
        if self._last_claims is not None and (
            self._old_in_flight <= 0 or now - self._begun >= LAST_LIMIT
        ):
            return False
        if self.courier.in_flight >= MOST_IN_FLIGHT:
            return False
        return now >= self._next_claim or not self.courier.in_flight or newest() != self._newest

    def _claim(self) -> bool:
        now = self.clock()
        self._newest = newest()
        if time.monotonic() >= self._next_release:
            freed = release_expired(now=now)
            metrics.count_expired_leases(queue="webhooks", number=freed)
            self._next_release = time.monotonic() + RELEASE_EVERY
        room = min(CLAIMED, MOST_IN_FLIGHT - self.courier.in_flight)
        taken = claim(
            now=now,
            most=room,
            only_sound=self._last_claims is not None,
            slot=self.pace.slot,
        )
        self._gap = TICK if taken.deliveries else min(2 * self._gap, SLOWEST)
        self._next_claim = time.monotonic() + self._gap
        if not taken.deliveries:
            return False
        if self._last_claims is not None:
            self._last_claims.add(taken.claim_id)
        prepared = prepare(taken, receivers=self.receivers, now=now)
        self.courier.post(prepared.messages)
        if prepared.failed:
            self._record(prepared.failed)
        return True

    def _record(self, tries: Sequence[Try]) -> None:
        now = self.clock()
        recorded = record(tries, now=now)
        observe(tries)
        self.done.recorded += recorded.counted
        self.done.late += recorded.late
        for changed in recorded.changed:
            see_to(changed, now=now)
        if self._last_claims is not None:
            known = self._last_claims
            self._old_in_flight -= sum(each.claim_id not in known for each in tries)
