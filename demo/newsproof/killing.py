"""`kill`: orders live, workers die, Valkey forgets; and still every message arrives."""

import time

from demo import installation, progress, summary, world
from demo.newsproof import accounts, endpoints
from demo.newsproof.accounts import Account
from demo.newsproof.faults import Faults
from demo.newsproof.mailbox import Mailbox
from demo.newsproof.place import Place
from demo.newsproof.plans import KillPlan
from demo.newsproof.stored import Stored
from demo.oms4 import RefusedError, now_ms
from demo.play import Outcome, Plan, Stage, TooSlowError, play
from demo.wire import Patience, UnreachableError

SECONDS_TO_SETTLE = 600.0
POLL = 1.0
UNLIMITED = 0.0


def prove(place: Place, plan: KillPlan) -> list[str]:
    """Play orders under faults, print the account, and say what is wrong."""
    stored = Stored(place.home.database_url)
    try:
        with Mailbox(place.home.path / "received.log") as mailbox:
            _register(mailbox, plan)
            with place.working():
                faults = Faults(place.home, place.keeper, plan)
                problems = _played(place, plan, faults)
                problems += _settled(stored)
                problems += installation.broken_invariants(place.home)
        found = accounts.account(stored.expected(), mailbox.receipts(), stored.tried())
        print(_table(found, faults, stored.slowest()))
    finally:
        stored.close()
    in_flight = plan.endpoints * endpoints.MOST_IN_FLIGHT
    return [*problems, *faults.problems, *found.problems(most_cut=faults.kills * in_flight)]


def _register(mailbox: Mailbox, plan: KillPlan) -> None:
    """Endpoints that hear of everything, as fast as it comes."""
    organization_id = endpoints.any_channel().organization_id
    for number in range(1, plan.endpoints + 1):
        endpoints.register(
            mailbox, f"news-{number}", organization_id=organization_id, rate=UNLIMITED
        )


def _played(place: Place, plan: KillPlan, faults: Faults) -> list[str]:
    """Orders from their beginning to their end, under faults until the time is up."""
    told = Plan(
        base_url=place.home.base_url,
        orders=plan.orders,
        seed=plan.seed,
        orders_per_second=plan.orders_per_second,
        most_seconds=plan.seconds + SECONDS_TO_SETTLE,
        patience=Patience(seconds=300, timeout=15),
    )
    stage = Stage(world.load(), told, now=now_ms())
    faults.start()
    try:
        with progress.bar(told.orders, "newsproof") as advance:
            outcome = play(stage, progress=advance, is_enough=lambda: faults.is_over)
    except (TooSlowError, UnreachableError, RefusedError) as problem:
        return [str(problem), *stage.problems(), *stage.refusals()]
    finally:
        faults.stop()
    return _told(outcome)


def _told(outcome: Outcome) -> list[str]:
    print(summary.of_outcome(outcome))
    return outcome.problems


def _settled(stored: Stored) -> list[str]:
    """Wait until everything is delivered."""
    until = time.monotonic() + SECONDS_TO_SETTLE
    while left := stored.unfinished():
        if time.monotonic() > until:
            return [f"{left} events or deliveries are still not done after {SECONDS_TO_SETTLE} s"]
        time.sleep(POLL)
    return []


def _table(found: Account, faults: Faults, slowest: float) -> str:
    rows: list[tuple[str, object]] = [
        ("kills of workers", faults.kills),
        ("times Valkey lost everything", faults.losses),
        ("messages: events x endpoints", found.expected),
        ("received", found.receipts - found.duplicates),
        ("lost", len(found.lost)),
        ("duplicates", found.duplicates),
        ("  arrived, then the worker was killed", found.cut),
        ("  recorded as failed or late", found.repeated),
        ("  without a reason", found.unexplained),
        ("longest gap between two arrivals, s", round(found.longest_gap, 1)),
        ("slowest delivery, s", round(slowest, 1)),
    ]
    return summary.table(rows, title="\nThe news")
