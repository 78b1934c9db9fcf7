"""`python -m bench.profile`: where the time of one intake goes, and of the calls of a life."""

import argparse
import importlib
import sys
from collections.abc import Sequence

import django

from bench.home import Installation
from demo import installation
from oms.runtime import signals
from oms.runtime.problems import StartupProblem

NO_REAL_LIMIT = 1_000_000  # a client with a limit it never reaches: what the limiter costs shows


def main(arguments: Sequence[str] | None = None) -> int:
    """Everything runs in this process; only PostgreSQL and Valkey run beside it."""
    signals.interrupt_on_all()
    chosen = _parser().parse_args(arguments)
    installation.forget_other_installations()
    place = Installation(None, rate_limit=NO_REAL_LIMIT)
    try:
        with place.servers_only():
            place.adopt()
            django.setup()
            profiling = importlib.import_module("bench.profiling")
            profiling.load()
            if chosen.lives:
                print(profiling.of_lives(chosen.lives), end="\n\n")
            if chosen.lives and chosen.functions:
                print(profiling.of_life_functions(chosen.lives, shown=chosen.functions))
            if chosen.functions:
                print(profiling.of_functions(chosen.orders, shown=chosen.functions))
            print(profiling.of_intake(chosen.orders))
    except StartupProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    finally:
        place.remove()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.profile",
        description="Call the WSGI application inside this process, one call after the other, and "
        "tell what each phase of an intake and each call of an order's life takes. What granian "
        "adds is not in it.",
    )
    parser.add_argument("--orders", type=int, default=3000, metavar="N")
    parser.add_argument("--lives", type=int, default=200, metavar="N", help="0: none")
    parser.add_argument(
        "--functions", type=int, default=0, metavar="N", help="also the N costliest functions"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
