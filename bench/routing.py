"""`python -m bench.routing`: what a dry run and a back-test of a scenario take.

An installation of its own, with a scenario that uses every hard rule and every ranking.
"""

import argparse
import importlib
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import django

from bench.home import Installation
from demo import installation
from oms.runtime import signals
from oms.runtime.problems import StartupProblem


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 1 when the installation did not start; the figures are no verdict."""
    signals.interrupt_on_all()
    chosen = _parser().parse_args(arguments)
    installation.forget_other_installations()
    place = Installation(chosen.home)
    try:
        return _run(place, chosen)
    except StartupProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130
    finally:
        place.stop()
        place.remove()


def _run(place: Installation, chosen: argparse.Namespace) -> int:
    print(f"An installation of its own starts in {place.home.path} ...", file=sys.stderr)
    with place.servers_only():  # workers would route the back-test's orders meanwhile
        place.adopt()
        django.setup()
        # What uses Django's models can be imported only now.
        _measure(importlib.import_module("bench.routing_runs"), chosen)
    return 0


def _measure(measuring: ModuleType, chosen: argparse.Namespace) -> None:
    world = measuring.make_world(points=chosen.points, lines=chosen.lines)
    took = measuring.dry_runs(world, runs=chosen.runs)
    print(
        f"dry run, {chosen.points} points, {chosen.lines} lines, {chosen.runs} runs: "
        f"median {statistics.median(took):.2f} ms, "
        f"p95 {statistics.quantiles(took, n=20)[-1]:.2f} ms"
    )
    if chosen.orders:
        done = measuring.back_test(world, orders=chosen.orders)
        tested, acting = done.outcome.tested, done.outcome.acting
        print(
            f"back-test of {tested.orders} orders: {done.seconds:.2f} s, "
            f"{tested.served} served, {acting.served} by the rules that act"
        )
        print(
            f"rows of {done.tables} tables before and after: "
            f"{'the same' if not done.changed else f'changed in {done.changed}'}; "
            f"invariants: {'all hold' if not done.broken else f'broken {done.broken}'}"
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.routing",
        description="Measure dry runs, and a back-test, in an installation of its own.",
    )
    parser.add_argument("--points", type=int, default=50)
    parser.add_argument("--lines", type=int, default=10)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--orders", type=int, default=10_000, help="of the back-test; 0: none")
    parser.add_argument(
        "--home", type=Path, default=None, metavar="DIR", help="where the data goes: a real disk"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
