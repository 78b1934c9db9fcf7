"""`python -m bench.rivals`: many calls with one Idempotency-Key at once, for many keys.

Each key must have exactly one effect, and each rival the very same answer, to the byte, or 409.
"""

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import msgspec

from bench import alone
from bench.engine import Engine

CREATED, COME_BACK = 201, 409
MOST_SECONDS = 1800.0


@dataclass(slots=True)
class Answers:
    """What the rivals of each key were told."""

    bodies: defaultdict[int, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    created: int = 0
    told_to_come_back: int = 0
    others: list[str] = field(default_factory=list)

    def add(self, number: int, status: int, body: bytes, _seconds: float) -> None:
        """One answer to a call with the key of this number."""
        if status == CREATED:
            self.created += 1
            self.bodies[number].add(body)
        elif status == COME_BACK and b'"idempotency_in_progress"' in body:
            self.told_to_come_back += 1
        else:
            self.others.append(f"{status} {body[:200]!r}")

    def problems(self, *, keys: int, stored: int) -> list[str]:
        """What does not hold."""
        found = []
        if differing := sum(len(bodies) > 1 for bodies in self.bodies.values()):
            found.append(f"{differing:,} keys were answered in several ways")
        if unanswered := keys - len(self.bodies):
            found.append(f"{unanswered:,} keys had no effect")
        if stored != keys:
            found.append(f"{keys:,} keys had {stored:,} effects")
        if self.others:
            found.append(f"{len(self.others):,} other answers, such as {self.others[0]}")
        return found


def requests(port: int, key: str, sku: str, *, keys: int) -> list[bytes]:
    """One whole HTTP request for each key."""
    made = []
    for number in range(keys):
        body = msgspec.json.encode(_order(number, sku))
        head = (
            f"POST /v1/orders HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-API-Key: {key}\r\n"
            f"Idempotency-Key: rival-{number}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        made.append(head.encode("ascii") + body)
    return made


def _order(number: int, sku: str) -> dict[str, object]:
    return {
        "external_id": f"RIVAL-{number}",
        "channel": "INTAKE",
        "payment_method": "card",
        "currency": "SGD",
        "ship_to": {
            "full_name": "A Buyer",
            "phone": "+6560000000",
            "line1": "1 Sample Road",
            "country": "SG",
        },
        "lines": [
            {"sku": sku, "quantity": 1, "unit_price": {"amount": "29.90", "currency": "SGD"}}
        ],
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 1 when a key had no effect, several, or several answers."""
    chosen = _parser().parse_args(arguments)
    return alone.run(lambda scene: _raced(scene, chosen), well="One effect each, and one answer.")


def _raced(scene: alone.Scene, chosen: argparse.Namespace) -> list[str]:
    answers = Answers()
    engine = Engine(scene.port, connections=chosen.rivals)
    made = requests(scene.port, scene.key, scene.sku, keys=chosen.keys)
    for number, request in enumerate(made):
        for _ in range(chosen.rivals):
            engine.submit(request, partial(answers.add, number))
    begun = time.perf_counter()
    engine.run(until=begun + MOST_SECONDS)
    engine.close()
    stored = scene.count_orders("RIVAL-")
    print(
        f"{chosen.keys:,} keys, {chosen.rivals} rivals each, in {time.perf_counter() - begun:.0f} "
        f"s: {stored:,} orders, {answers.created:,} times the stored or first answer, "
        f"{answers.told_to_come_back:,} times 409"
    )
    return answers.problems(keys=chosen.keys, stored=stored)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.rivals",
        description="Send each of many orders many times at once with one Idempotency-Key, and "
        "say how many were stored and whether all were told the same.",
    )
    parser.add_argument("--keys", type=int, default=1000, metavar="N")
    parser.add_argument("--rivals", type=int, default=64, metavar="N", help="at once, of each key")
    return parser


if __name__ == "__main__":
    sys.exit(main())
