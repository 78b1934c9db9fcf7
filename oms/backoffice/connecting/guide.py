"""The guide as chapters of steps, for the mode an organization is in."""

from collections.abc import Sequence
from datetime import datetime

from oms.backoffice.connecting import connection_steps as connection
from oms.backoffice.connecting import planning_steps as planning
from oms.backoffice.connecting.connection_steps import THE_SIX
from oms.backoffice.connecting.facts import Facts
from oms.backoffice.connecting.steps import Chapter, Mode, State

__all__ = ["THE_SIX", "chapters", "progress"]


def chapters(facts: Facts, now: datetime) -> list[Chapter]:
    """All steps in the order in which they are best taken."""
    is_market = facts.mode == Mode.SELLER_CENTER
    tie = [connection.account(facts)]
    if is_market:
        tie.append(connection.redirected(facts))
    tie += [connection.answers(facts), connection.copied(facts), connection.our_account(facts)]
    places = [planning.channel(facts), planning.points(facts)]
    if is_market:
        places.append(planning.supplier_codes(facts))
    orders = [planning.filter_rules(facts), planning.scenarios(facts), planning.shipping(facts)]
    work = [planning.transitions(facts), planning.denial_reasons(facts)]
    news = [connection.six_hooks(facts, now)]
    if is_market:
        news.append(connection.package_hooks(facts))
    return [
        Chapter(title="Connection", steps=tuple(tie)),
        Chapter(title="Channels and places", steps=tuple(places)),
        Chapter(title="Orders", steps=tuple(orders)),
        Chapter(title="Packages", steps=tuple(work)),
        Chapter(title="Hooks", steps=tuple(news)),
    ]


def progress(every: Sequence[Chapter]) -> tuple[int, int]:
    """How many steps are done, and how many there are; what may stay as it is counts as done."""
    steps = [step for chapter in every for step in chapter.steps]
    done = [step for step in steps if step.state in {State.DONE, State.OPTIONAL}]
    return len(done), len(steps)
