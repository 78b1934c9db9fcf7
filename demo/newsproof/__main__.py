"""`python -m demo.newsproof`: measures and proves how news is delivered when things go wrong."""

import argparse
import importlib
import sys
from collections.abc import Sequence

from demo import installation, summary
from demo.newsproof import place
from demo.newsproof.plans import HangPlan, KillPlan
from oms.runtime import signals
from oms.runtime.problems import StartupProblem

HANG, KILL = HangPlan(), KillPlan()


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 1 when a message was lost, an invariant is broken, or a mark is missed."""
    signals.interrupt_on_all()
    chosen = _parser().parse_args(arguments)
    installation.forget_other_installations()
    try:
        problems = _prove(chosen)
    except StartupProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130
    if problems:
        print(summary.of_problems(problems))
        return 1
    print("Proven.")
    return 0


def _prove(chosen: argparse.Namespace) -> list[str]:
    with place.made(keep=chosen.keep) as here:
        name, planned = PROOFS[chosen.proof]
        # What uses Django's models can be imported only now.
        proof = importlib.import_module(f"demo.newsproof.{name}")
        problems: list[str] = proof.prove(here, planned(chosen))
        return problems


def _hang_plan(chosen: argparse.Namespace) -> HangPlan:
    return HangPlan(
        endpoints=chosen.endpoints,
        hanging_percent=chosen.hanging,
        reach=chosen.reach,
        rate=chosen.rate,
        seconds=chosen.seconds,
        rounds=chosen.rounds,
    )


def _kill_plan(chosen: argparse.Namespace) -> KillPlan:
    return KillPlan(
        minutes=chosen.minutes,
        pause=chosen.pause,
        flush_every=chosen.flush_every,
        endpoints=chosen.endpoints,
        orders_per_second=chosen.orders_per_second,
        seed=chosen.seed,
    )


PROOFS = {"hang": ("hanging", _hang_plan), "kill": ("killing", _kill_plan)}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m demo.newsproof",
        description="Start an installation and prove how it delivers news to webhooks.",
    )
    proofs = parser.add_subparsers(dest="proof", required=True)
    _add_hang(proofs.add_parser("hang", help="endpoints that hang do not delay the others"))
    _add_kill(proofs.add_parser("kill", help="nothing is lost when workers and Valkey die"))
    for proof in proofs.choices.values():
        proof.add_argument("--keep", action="store_true", help="keep the installation's directory")
    return parser


def _add_hang(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Send the same events to endpoints that are all healthy, and to as many of which some "
        "hold every answer for 20 s; compare the time from an event to its first try at the "
        "endpoints that are healthy in both runs."
    )
    parser.formatter_class = argparse.ArgumentDefaultsHelpFormatter
    add = parser.add_argument
    add("--endpoints", type=_natural, default=HANG.endpoints, help="endpoints of a run")
    add("--hanging", type=int, default=HANG.hanging_percent, help="percent of them that hang")
    add("--reach", type=_natural, default=HANG.reach, help="endpoints that hear of one event")
    add("--rate", type=_positive, default=HANG.rate, help="events a second")
    add("--seconds", type=_positive, default=HANG.seconds, help="length of one run")
    add("--rounds", type=_natural, default=HANG.rounds, help="pairs of runs")


def _add_kill(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Play orders, kill -9 workers (one process or all of them), and now and then empty and "
        "restart Valkey. Afterwards every event is compared with what each endpoint received."
    )
    parser.formatter_class = argparse.ArgumentDefaultsHelpFormatter
    add = parser.add_argument
    add("--minutes", type=_positive, default=KILL.minutes, help="how long things die")
    add("--pause", type=_positive, default=KILL.pause, help="seconds between two kills")
    add(
        "--flush-every", type=_positive, default=KILL.flush_every, help="seconds between two losses"
    )
    add(
        "--endpoints",
        type=_natural,
        default=KILL.endpoints,
        help="endpoints that hear of everything",
    )
    add(
        "--orders-per-second",
        type=_positive,
        default=KILL.orders_per_second,
        help="orders a second",
    )
    add("--seed", type=int, default=KILL.seed, help="of the orders and the victims")


def _natural(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _positive(text: str) -> float:
    number = float(text)
    if not number > 0:
        raise argparse.ArgumentTypeError("must be more than 0")
    return number


if __name__ == "__main__":
    sys.exit(main())
