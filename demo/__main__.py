"""`python -m demo`: plays shops and warehouses against a running server."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from demo import summary, world
from demo.oms4 import RefusedError, now_ms
from demo.play import Plan, Stage, TooSlowError, play
from demo.progress import bar
from demo.wire import UnreachableError


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 only if what the API says adds up with what was sent."""
    chosen = _parser().parse_args(arguments)
    plan = Plan(
        base_url=chosen.base_url,
        orders=chosen.orders,
        seed=chosen.seed,
        threads=chosen.threads,
        most_seconds=chosen.most_seconds,
    )
    stage = Stage(world.load(chosen.world), plan, now=now_ms())
    try:
        with bar(plan.orders, "demo") as advance:
            outcome = play(stage, progress=advance)
    except (TooSlowError, UnreachableError, RefusedError) as problem:
        print(summary.of_problems([str(problem), *stage.problems(), *stage.refusals()]))
        return 1
    print(summary.of_outcome(outcome))
    if outcome.problems:
        print(summary.of_problems([*outcome.problems, *outcome.refusals]))
        return 1
    print("Everything adds up.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m demo",
        description="Play the demo: orders enter over the HTTP API of the sales channels, a "
        "simulated warehouse picks, packs and ships them over its own. Both are cheap clients; "
        "the same seed plays the same orders, and playing them again continues.",
    )
    parser.add_argument("--base-url", default="http://127.0.0.1:8000", metavar="URL")
    parser.add_argument("--orders", type=_natural, default=200, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument("--threads", type=_natural, default=8, metavar="T")
    parser.add_argument("--most-seconds", type=float, default=900.0, metavar="SECONDS")
    parser.add_argument("--world", type=Path, default=world.DEFAULT, metavar="FILE")
    return parser


def _natural(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
