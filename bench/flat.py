"""`python -m bench.flat`: many orders through bulk intake, and what that does to memory.

A process that keeps something of every call grows without end; here that shows as growth from the
middle of the run to its end.
"""

import argparse
import sys
import time
from collections.abc import Sequence

from bench import alone, bulk, world
from bench.engine import Engine
from bench.sizes import CLIENTS

ORDERS = 100_000
STEPS = 10
MEGABYTE = 1_000_000
MOST_GROWTH = 1.05  # from the fifth step on
OK = 200
MOST_SECONDS = 1800.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 1 when orders are missing or a web process went on growing."""
    chosen = _parser().parse_args(arguments)
    return alone.run(lambda scene: _filled(scene, chosen), well="Memory stays flat.")


def _filled(scene: alone.Scene, chosen: argparse.Namespace) -> list[str]:
    refused: list[str] = []
    sizes: list[float] = []
    calls = max(1, chosen.orders // bulk.A_CALL // STEPS)
    for step in range(STEPS):
        taken = _send(scene, calls, prefix=f"FLAT-{step}", refused=refused)
        sizes.append(scene.place.resident_bytes()["web"] / MEGABYTE)
        print(
            f"{(step + 1) * calls * bulk.A_CALL:8,} orders, {calls * bulk.A_CALL / taken:6,.0f}/s: "
            f"the larger web process has {sizes[-1]:.0f} MB"
        )
    problems = [f"{len(refused)} calls were refused, such as {refused[0]}"] if refused else []
    stored, sent = scene.count_orders("FLAT-"), STEPS * calls * bulk.A_CALL
    if stored != sent:
        problems.append(f"{sent:,} orders were sent, {stored:,} are stored")
    if sizes[-1] > MOST_GROWTH * sizes[STEPS // 2 - 1]:
        problems.append(f"{sizes[STEPS // 2 - 1]:.0f} MB became {sizes[-1]:.0f} MB")
    return problems


def _send(scene: alone.Scene, calls: int, *, prefix: str, refused: list[str]) -> float:
    """Seconds for so many calls, one after the other on a few connections."""
    requests = bulk.requests(
        calls, prefix=prefix, port=scene.port, key=scene.key, channel=world.INTAKE.code
    )

    def answered(status: int, body: bytes, _seconds: float) -> None:
        if status != OK:
            refused.append(f"{status} {body[:200]!r}")

    engine = Engine(scene.port, connections=CLIENTS)
    for request in requests:
        engine.submit(request, answered)
    begun = time.perf_counter()
    engine.run(until=begun + MOST_SECONDS)
    engine.close()
    return time.perf_counter() - begun


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.flat",
        description="Send orders in bulk, and say what memory the web processes have meanwhile.",
    )
    parser.add_argument("--orders", type=int, default=ORDERS, metavar="N")
    return parser


if __name__ == "__main__":
    sys.exit(main())
