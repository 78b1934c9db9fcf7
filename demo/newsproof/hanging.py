"""`hang`: endpoints that answer must not wait for those that hang."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from django.db import transaction
from django.utils import timezone

from channels_app.models import Channel
from demo import progress, summary
from demo.newsproof import endpoints
from demo.newsproof.latencies import MARK, Comparison, Latency, latency, too_busy
from demo.newsproof.mailbox import Mailbox
from demo.newsproof.place import Place
from demo.newsproof.plans import HangPlan
from demo.newsproof.stored import Stored
from oms.events import outbox, relay
from oms.events.choices import EventType, SubjectType
from oms.events.outbox import Fact
from oms.kernel.actors import SYSTEM

WARM_UP_SECONDS = 8.0
DRAIN_SECONDS = 180.0
POLL = 0.25


class TooManyGroupsError(Exception):
    """There are fewer event types than groups of endpoints."""


@dataclass(slots=True)
class Runs:
    """Latencies of healthy endpoints: all healthy, and beside hanging ones."""

    calm: list[list[float]] = field(default_factory=list)
    beside: list[list[float]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def prove(place: Place, plan: HangPlan) -> list[str]:
    """Measure both, print them, and say what is wrong."""
    types = _types(plan)
    stored = Stored(place.home.database_url)
    try:
        with Mailbox(place.home.path / "received.log") as mailbox, place.working():
            runs = _measured(_Stage(plan, types, mailbox, stored))
    finally:
        stored.close()
    return runs.problems or _verdict(plan, runs)


def _types(plan: HangPlan) -> Sequence[EventType]:
    """One a group: types nobody reacts to and nothing else records meanwhile."""
    known = relay.subscriptions()
    free = [each for each in EventType if each not in known and not each.startswith("endpoint.")]
    if plan.groups > len(free):
        raise TooManyGroupsError(f"--endpoints / --reach may be {len(free)} at most")
    return free[: plan.groups]


@dataclass(frozen=True, slots=True)
class _Stage:
    plan: HangPlan
    types: Sequence[EventType]
    mailbox: Mailbox
    stored: Stored


def _measured(stage: _Stage) -> Runs:
    """Rounds of both runs, so that a noisy minute hurts both."""
    runs, plan = Runs(), stage.plan
    hanging = frozenset(
        Random(1).sample(range(plan.endpoints), plan.endpoints * plan.hanging_percent // 100)
    )
    whole = round((WARM_UP_SECONDS + 2 * plan.rounds * plan.seconds) * plan.rate)
    with progress.bar(whole, "newsproof", unit="event") as advance:
        _run(stage, runs, frozenset(), hanging, seconds=WARM_UP_SECONDS, advance=advance)
        for _ in range(plan.rounds):
            none: frozenset[int] = frozenset()
            runs.calm.append(_run(stage, runs, none, hanging, plan.seconds, advance))
            runs.beside.append(_run(stage, runs, hanging, hanging, plan.seconds, advance))
    return runs


def _run(
    stage: _Stage,
    runs: Runs,
    hanging: frozenset[int],
    unseen: frozenset[int],
    seconds: float,
    advance: Callable[[int], None],
) -> list[float]:
    """One run with endpoints of its own; the same of them are looked at whether others hang."""
    channel = endpoints.any_channel()
    ids = [
        endpoints.register(
            stage.mailbox,
            f"{time.time_ns()}-{number}",
            organization_id=channel.organization_id,
            words=(stage.types[number % len(stage.types)],),
            hangs=number in hanging,
        )
        for number in range(stage.plan.endpoints)
    ]
    seen = [each for number, each in enumerate(ids) if number not in unseen]
    after = stage.stored.last_event()
    _record(stage, channel, seconds, advance)
    if missing := _drained(lambda: stage.stored.waiting(seen)):
        runs.problems.append(f"{missing} deliveries to healthy endpoints were never tried")
    found = stage.stored.first_tries(seen, after=after)
    endpoints.remove(ids)
    _drained(stage.stored.leased)
    return found


def _record(
    stage: _Stage, channel: Channel, seconds: float, advance: Callable[[int], None]
) -> None:
    """Events at a steady rate, each in a transaction of its own as in life."""
    begun = time.monotonic()
    for number in range(round(seconds * stage.plan.rate)):
        time.sleep(max(0.0, begun + number / stage.plan.rate - time.monotonic()))
        fact = Fact(
            organization_id=channel.organization_id,
            type=stage.types[number % len(stage.types)],
            subject_type=SubjectType.CHANNEL,
            subject_id=channel.pk,
            data={"channel": channel.code, "remark": "x" * 500},
        )
        with transaction.atomic():
            outbox.record([fact], actor=SYSTEM, now=timezone.now())
        advance(1)


def _drained(remaining: Callable[[], int]) -> int:
    """Wait until nothing remains; what remained when the time was up."""
    until = time.monotonic() + DRAIN_SECONDS
    while (left := remaining()) and time.monotonic() < until:
        time.sleep(POLL)
    return left


def _verdict(plan: HangPlan, runs: Runs) -> list[str]:
    calm = [latency(found) for found in runs.calm]
    beside = [latency(found) for found in runs.beside]
    compared = Comparison(
        latency([each for found in runs.calm for each in found]),
        latency([each for found in runs.beside for each in found]),
    )
    rows: list[tuple[str, object]] = [
        ("endpoints", plan.endpoints),
        ("  of which hang in the second runs", plan.endpoints * plan.hanging_percent // 100),
        ("events a second", plan.rate),
        ("deliveries a second", plan.rate * plan.endpoints / plan.groups),
        ("seconds a run", plan.seconds),
    ]
    for number, pair in enumerate(zip(calm, beside, strict=True), 1):
        rows += _lines(f"round {number}, ", *pair)
    rows += _lines("together, ", compared.healthy, compared.beside_hanging)
    rows.append(("p99 rises by", f"{compared.rise:.1f} %"))
    print(summary.table(rows, title="Event to first try at healthy endpoints, ms"))
    if busy := too_busy(calm):
        return busy
    if compared.is_reached:
        return []
    return [f"p99 rises by {compared.rise:.1f} %, the mark is below {MARK:g} %"]


def _lines(name: str, calm: Latency, beside: Latency) -> list[tuple[str, object]]:
    return [
        (f"{name}{kind}: tries, p50, p99", f"{found.count:,}  {found.p50:.1f}  {found.p99:.1f}")
        for kind, found in (("all healthy", calm), ("some hang", beside))
    ]
