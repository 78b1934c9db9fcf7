"""`python -m demo.akinon.table`: every command from every state, allowed and refused.

Packages of a fresh installation are led into each state of the contract, and every command is tried
on them over HTTP. What is refused must leave the package as it was. Background work stands still
meanwhile, so that a package is seen where a command left it.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from demo import installation, summary
from demo.akinon import place, scenery, setting_up, table_world
from demo.akinon.api import Api, UnexpectedAnswer, state_of
from demo.akinon.making import SKUS, Maker, NotMade
from demo.akinon.moves import STATES, TRANSFER_STATES, Move, all_moves
from demo.akinon.transfer_table import TransferTries
from demo.akinon.tries import Try, drawn, surprises
from oms.accounts.keys import new_key
from oms.runtime import signals
from oms.runtime.home import Home
from oms.runtime.problems import StartupProblem
from tests.simulators.akinon_books import ShopBooks
from tests.simulators.omnitron import Omnitron

SETTLE_SECONDS = 120.0


@dataclass(slots=True)
class Tries:
    """All that was tried, and where no try was possible."""

    done: list[Try] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def surprises(self) -> list[str]:
        return self.problems + surprises(self.done)


def try_all(api: Api, maker: Maker, moves: Sequence[Move]) -> Tries:
    """Every move from every state; refused ones share one package, allowed ones have their own."""
    tries = Tries()
    for state in STATES:
        try:
            shared = maker.make(state)
        except NotMade as fault:
            tries.problems.append(f"state {state}: {fault}")
            continue
        for move in sorted(moves, key=lambda each: bool(each.target(state))):
            _try_move(api, maker, tries, state, move, shared)
    return tries


def _try_move(api: Api, maker: Maker, tries: Tries, state: str, move: Move, shared: int) -> None:
    try:
        number = maker.make(state) if move.target(state) else shared
    except NotMade as fault:
        tries.problems.append(f"{move.slug} from {state}: {fault}")
        return
    if move.is_compared:
        maker.agree(number)
    said = api.command(number, move.slug, move.arguments(api.package(number)))
    after = state_of(api.package(number))
    tries.done.append(Try(state, move.slug, move.target(state), said.status, after, said.text))


def needed(moves: Sequence[Move]) -> list[str]:
    """The state of each package that `try_all` makes."""
    return [
        state
        for state in STATES
        for count in [1 + sum(bool(move.target(state)) for move in moves)]
        for _ in range(count)
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 only if every command did what the contract says, and every invariant holds."""
    signals.interrupt_on_all()
    _parser().parse_args(arguments)
    installation.forget_other_installations()
    home = place.new_home()
    try:
        home.ensure_writable()
        problems = _play(home)
    except (StartupProblem, UnexpectedAnswer, NotMade) as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130
    finally:
        installation.remove(home)
    if problems:
        print(summary.of_problems(problems))
        return 1
    print("No surprise.")
    return 0


def _play(home: Home) -> list[str]:
    world = home.path / "world.yaml"
    key = new_key(is_test=False).text
    table_world.write(world, SKUS, shop_key=key)
    with ExitStack() as stack:
        omnitron = stack.enter_context(Omnitron(books=ShopBooks(products={s: s for s in SKUS})))
        keeper = stack.enter_context(place.working(home, world))
        api = Api(home.base_url, scenery.USERNAME, scenery.PASSWORD, shop_key=key)
        setting_up.connect(api, omnitron, None)
        setting_up.let_in(api, omnitron)
        table_world.make_scenarios(api)
        reason = int(api.expect("POST", "packages/package_denial_reason/", {"title": "Busy"})["id"])
        moves, maker = all_moves(denial_reason=reason), Maker(api, omnitron, denial_reason=reason)
        transfers = TransferTries(api)
        maker.order([*needed(moves), *transfers.needed()])
        with keeper.held("worker"):
            table_world.bring_late_goods(api)
            tries = try_all(api, maker, moves)
            transfers.try_all(maker)
        print(drawn("Packages", STATES, tries.done), "\n")
        print(drawn("Transfers", TRANSFER_STATES, transfers.done), "\n")
        print(f"{len(tries.done) + len(transfers.done)} commands were tried.")
        left = _left(api, tries)
        return [
            *tries.surprises(),
            *transfers.surprises(),
            *left,
            *installation.broken_invariants(home),
        ]


def _left(api: Api, tries: Tries) -> list[str]:
    """What was freed to be planned again, and never was."""
    replanned = any(each.after == "910" for each in tries.done)
    ends = time.monotonic() + SETTLE_SECONDS
    while replanned and time.monotonic() < ends:
        waiting = api.page("packages/short/", state__enum_value="910")["count"]
        if not waiting:
            return []
        time.sleep(1)
    return ["packages that were refused are not planned again"] if replanned else []


def _parser() -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        prog="python -m demo.akinon.table",
        description="Try every command of the package API from every state, and print what came "
        "of it beside what the contract says. Exit code 1 on any surprise.",
    )


if __name__ == "__main__":
    sys.exit(main())
