"""`python -m demo.chaos`: kills processes while orders flow, and proves that nothing was lost."""

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

from demo import evidence, installation, summary, world
from demo.keeper import Keeper
from demo.oms4 import RefusedError, now_ms
from demo.play import Outcome, Plan, Stage, TooSlowError, play
from demo.progress import bar
from demo.wire import Patience, UnreachableError
from oms.runtime import servers, signals
from oms.runtime.home import Home

MINUTES_TO_SETTLE = 10


class Reaper:
    """Kills at random times until it has killed enough."""

    def __init__(self, keeper: Keeper, *, kills: int, seconds: float, random: Random) -> None:
        self._keeper = keeper
        self._kills = kills
        self._pause = seconds / max(kills, 1)
        self._random = random
        self._thread = threading.Thread(target=self._run, name="reaper", daemon=True)
        self.done = 0

    def start(self) -> None:
        self._thread.start()

    @property
    def is_done(self) -> bool:
        return self.done >= self._kills

    def _victim(self) -> str:
        """Beat has the least to lose."""
        weights = [1 if name == "beat" else 3 for name in self._keeper.names]
        return self._random.choices(self._keeper.names, weights)[0]

    def _run(self) -> None:
        while not self.is_done:
            time.sleep(self._random.uniform(0.3, 1.7) * self._pause)
            if self._keeper.kill(self._victim(), self._random):
                self.done += 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 1 on any violation."""
    signals.interrupt_on_all()
    chosen = _parser().parse_args(arguments)
    installation.forget_other_installations()
    path = Path(tempfile.mkdtemp(prefix="oms-chaos-"))
    path.chmod(0o711)  # the account that runs PostgreSQL must get in
    home = Home(path, port=installation.free_port())
    try:
        home.ensure_writable()
        with servers.running(servers.needed(home)):
            problems = _run(home, chosen)
    finally:
        if chosen.keep:
            print(f"Kept: {path}")
        else:
            installation.remove(home)
    if problems:
        print(summary.of_problems(problems))
        return 1
    print("Nothing lost, nothing doubled, every invariant holds.")
    return 0


def _run(home: Home, chosen: argparse.Namespace) -> list[str]:
    if installation.run_module(home, ["oms.runtime.prepare"]) != 0:
        return ["the installation could not be prepared"]
    keeper = Keeper(home, installation.told(home))
    keeper.start()
    try:
        installation.wait_ready(home)
        problems = _fault_test(home, keeper, chosen)
        return problems + installation.broken_invariants(home)
    finally:
        keeper.stop()


def _fault_test(home: Home, keeper: Keeper, chosen: argparse.Namespace) -> list[str]:
    seconds = chosen.kills * chosen.pause
    plan = Plan(
        base_url=home.base_url,
        orders=chosen.orders,
        seed=chosen.seed,
        orders_per_second=chosen.orders / max(seconds, 1),
        most_seconds=seconds + MINUTES_TO_SETTLE * 60,
        patience=Patience(seconds=300, timeout=15),
    )
    stage = Stage(world.load(), plan, now=now_ms())
    reaper = Reaper(keeper, kills=chosen.kills, seconds=seconds, random=Random(chosen.seed))
    reaper.start()
    try:
        with bar(plan.orders, "chaos") as advance:
            outcome = play(stage, progress=advance, is_enough=lambda: reaper.is_done)
    except (TooSlowError, UnreachableError, RefusedError) as problem:
        return [str(problem), *stage.problems(), *stage.refusals()]
    _print(outcome, keeper)
    found = evidence.contradictions(home.database_url, outcome.story.purchases)
    return [*outcome.problems, *found]


def _print(outcome: Outcome, keeper: Keeper) -> None:
    print(summary.of_outcome(outcome))
    rows: list[tuple[str, object]] = [("kills", sum(keeper.kills.values()))]
    rows += [(f"  {name}", count) for name, count in sorted(keeper.kills.items())]
    rows += [(f"starts of {name}", count) for name, count in sorted(keeper.starts.items())]
    print(summary.table(rows, title="\nThe kills"))
    for sentence, count in sorted(outcome.refusals.items()):
        print(f"refused {count} times: {sentence}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m demo.chaos",
        description="Start an installation, play the demo on it, and meanwhile kill -9 its web, "
        "worker and beat processes at random: whole groups, or single children. Afterwards every "
        "order sent is compared with what is stored, and the invariants are verified.",
    )
    parser.add_argument("--kills", type=int, default=30, metavar="N")
    parser.add_argument("--orders", type=int, default=1000, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument(
        "--pause", type=float, default=4.0, metavar="SECONDS", help="between two kills, on average"
    )
    parser.add_argument("--keep", action="store_true", help="keep the installation's directory")
    return parser


if __name__ == "__main__":
    sys.exit(main())
