"""`kill`: orders live, workers die, Valkey forgets; and still every message arrives."""

import time

from demo import evidence, installation, progress, summary, verifying, world
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
from oms.events.sending.delivering import MOST_IN_FLIGHT
from oms.events.services import EndpointDraft

SECONDS_TO_SETTLE = 600.0
POLL = 1.0


def prove(place: Place, plan: KillPlan) -> list[str]:
    """Play orders under faults, print the account, and say what is wrong."""
    stored = Stored(place.home.database_url)
    try:
        with Mailbox(place.home.path / "received.log") as mailbox:
            organization_id = endpoints.any_channel().organization_id
            for number in range(1, plan.endpoints + 1):
                name = f"news-{number}"
                endpoints.register(mailbox, name, organization_id=organization_id, hangs=False)
            with place.working():
                faults = Faults(place.home, place.keeper, plan)
                problems = _played(place, plan, faults)
                problems += _settled(stored)
                problems += verifying.broken_invariants(place.home)
        found = accounts.account(stored.expected(), mailbox.receipts(), stored.tried())
        _print(found, faults, stored.slowest())
        return problems + faults.problems + found.problems(most_cut=most_cut(plan, faults.kills))
    finally:
        stored.close()
