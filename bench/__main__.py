"""`python -m bench`: measures an installation of its own beside the floors of this machine."""

import argparse
import importlib
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import django

from bench import table
from bench.home import Installation
from bench.rows import ROWS, judged
from bench.sizes import QUICK, WHOLE
from demo import installation
from oms.runtime import signals
from oms.runtime.home import PROJECT_ROOT
from oms.runtime.problems import StartupProblem

RESULTS = PROJECT_ROOT / "bench-results.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 1 when a figure could not be measured or an invariant does not hold.

    A mark that was missed is a verdict in the table, not a failure: machines differ.
    """
    signals.interrupt_on_all()
    chosen = _parser().parse_args(arguments)
    installation.forget_other_installations()
    begun = time.strftime("%Y-%m-%dT%H:%M:%S%z")
    place = Installation(chosen.home)
    try:
        return _run(place, chosen, begun)
    except StartupProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130
    finally:
        place.stop()
        if chosen.keep:
            print(f"Kept: {place.home.path}", file=sys.stderr)
        else:
            place.remove()


def _run(place: Installation, chosen: argparse.Namespace, begun: str) -> int:
    print(f"An installation of its own starts in {place.home.path} ...", file=sys.stderr)
    first_start = place.start()
    place.adopt()
    django.setup()
    # What uses Django's models can be imported only now.
    figures = importlib.import_module("bench.figures")
    runner = importlib.import_module("bench.runner")
    names = figures.chosen(chosen.figures)
    outcome = runner.Runner(place, QUICK if chosen.quick else WHOLE, names).run()
    rows = judged(outcome.measured)
    sizes = QUICK if chosen.quick else WHOLE
    footer = table.footer(
        shares=outcome.shares,
        notes=outcome.notes,
        rounds=sizes.rounds,
        invariants=outcome.invariants,
    )
    print(table.rendered(rows, footer))
    for sentence in outcome.failures:
        print(f"FAILED: {sentence}")
    more = {
        "begun": begun,
        "is_quick": chosen.quick,
        "seconds": outcome.seconds + first_start,
        "first_start_seconds": first_start,
        "generator_share": dict(outcome.shares),
        "notes": outcome.notes,
        "failures": outcome.failures,
        "invariants": outcome.invariants,
    }
    table.write(chosen.json, rows, more)
    print(f"Written to {chosen.json}.", file=sys.stderr)
    return 1 if outcome.failures else 0


def _parser() -> argparse.ArgumentParser:
    known = list(dict.fromkeys(row.figure for row in ROWS))
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Start an installation of its own, load it, and measure it beside the floors "
        "of the same machine. Without names, everything; what a figure is compared with is "
        "measured, too.",
        epilog=f"Figures: {' '.join(known)}",
    )
    parser.add_argument("figures", nargs="*", metavar="FIGURE", choices=[*known, []])
    parser.add_argument("--quick", action="store_true", help="under two minutes, less telling")
    parser.add_argument("--json", type=Path, default=RESULTS, metavar="FILE")
    parser.add_argument(
        "--home", type=Path, default=None, metavar="DIR", help="where the data goes: a real disk"
    )
    parser.add_argument("--keep", action="store_true", help="keep the installation's directory")
    return parser


if __name__ == "__main__":
    sys.exit(main())
