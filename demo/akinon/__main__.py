"""`python -m demo.akinon`: real orders of an Omnitron or a Seller Center, from pull to delivery."""

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from demo import installation, summary
from demo.akinon import baskets, place, run, scenery, switching
from demo.akinon.api import UnexpectedAnswer
from demo.efs import goods
from oms.runtime import signals
from oms.runtime.home import Home
from oms.runtime.problems import StartupProblem

FILE_NAME = "online_retail.csv.gz"
DEFAULT_OUTAGE = 60.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 only if all books agree order by order and every invariant holds."""
    signals.interrupt_on_all()
    chosen = _parser().parse_args(arguments)
    installation.forget_other_installations()
    home = place.new_home()
    try:
        home.ensure_writable()
        problems = _play(home, chosen)
    except (StartupProblem, UnexpectedAnswer) as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130
    finally:
        if chosen.keep:
            print(f"Kept: {home.path}")
        else:
            installation.remove(home)
    if problems:
        print(summary.of_problems(problems))
        return 1
    print("Everything reconciles.")
    return 0


def _play(home: Home, chosen: argparse.Namespace) -> list[str]:
    orders = home.path / "orders.csv"
    goods.write(orders, orders=chosen.orders, source=_source(chosen), seed=chosen.seed)
    sold = list(baskets.read(orders, sellers=scenery.sellers(chosen.mode), seed=chosen.seed))
    skus = baskets.skus(sold)
    units = sum(basket.units for basket in sold)
    print(f"{len(sold)} orders of {units} pieces from {_source(chosen) or 'the demo'}.")
    plan = run.Plan(chosen.mode, sold, chosen.outage or 0.0, chosen.seed)
    with ExitStack() as stack:
        stage = run.open_stage(stack, plan, skus)
        world = home.path / "world.yaml"
        scenery.write(world, mode=chosen.mode, skus=skus)
        stack.enter_context(place.working(home, world))
        where = run.Where(home.base_url, home.database_url)
        problems = run.play(where, stage) + installation.broken_invariants(home)
        if stage.seller_center is not None:
            problems += switching.switch_off(home, stage.omnitron, stage.six)
        return problems


def _source(chosen: argparse.Namespace) -> Path | None:
    """The file of real orders, if there is one and made-up ones are not asked for."""
    if chosen.made_up or not chosen.file.is_file():
        return None
    found: Path = chosen.file
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m demo.akinon",
        description="Start an installation beside a simulated Omnitron (mode a) or Omnitron and "
        "Seller Center (mode b), fill it with real orders, let staff prepare, pack, ship and "
        "deliver over the package API, and compare all books order by order.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    add("--mode", choices=("a", "b"), default="a", help="who orders come from")
    add("--orders", type=_natural, default=500, metavar="N")
    add("--file", type=Path, default=installation.data_file(FILE_NAME), metavar="PATH")
    add("--made-up", action="store_true", help="the demo's orders, whether there is a file or not")
    add(
        "--outage",
        type=float,
        nargs="?",
        const=DEFAULT_OUTAGE,
        default=0.0,
        metavar="SECONDS",
        help="in the middle Seller Center is down, and Omnitron answers 500 and 401",
    )
    add("--seed", type=int, default=1, metavar="S")
    add("--keep", action="store_true", help="keep the installation's directory")
    return parser


def _natural(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
