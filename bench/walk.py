"""`python -m bench.walk`: every order of a long list, by cursor, while more come in.

What was there at the start must be seen exactly once, and the last pages must cost what the first
did.
"""

import argparse
import http.client
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Self
from urllib.parse import urlencode

import msgspec

from bench import alone

ORDERS = 1_000_000
PAGE = 200
END = 50  # pages that stand for the beginning, and for the end
OK, CREATED = 200, 201


class WalkError(Exception):
    """A page was refused, or an order could not be placed."""


@dataclass(slots=True)
class Walk:
    """What was seen, in the order it was seen."""

    ids: list[str] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    def problems(self, expected: set[str]) -> list[str]:
        """What does not hold of those that were there at the start."""
        seen = set(self.ids)
        found = []
        if missed := expected - seen:
            found.append(f"{len(missed):,} orders were skipped")
        if repeated := len(self.ids) - len(seen):
            found.append(f"{repeated:,} orders were seen twice")
        return found

    def told(self) -> str:
        """Medians of the pages at both ends."""
        first, last = median(self.milliseconds[:END]), median(self.milliseconds[-END:])
        ordered = sorted(self.milliseconds)
        return (
            f"{len(self.milliseconds):,} pages of {PAGE}: the first {END} take {first:.1f} ms, the "
            f"last {END} {last:.1f} ms (median; {last / first:.2f} x), all of them "
            f"{median(ordered):.1f} ms, 95 % within {ordered[len(ordered) * 95 // 100]:.1f} ms"
        )


class Caller:
    """One kept-alive connection to /v1."""

    def __init__(self, port: int, key: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"X-API-Key": key, "Content-Type": "application/json"}

    def page(self, **query: str) -> dict[str, Any]:
        """A page of orders. Raises WalkError."""
        answer: dict[str, Any] = self._ask("GET", f"/v1/orders?{urlencode(query)}", None, {}, OK)
        return answer

    def place(self, number: int, sku: str) -> None:
        """A new order. Raises WalkError."""
        price = {"amount": "29.90", "currency": "SGD"}
        body = {
            "external_id": f"WALK-{number}",
            "channel": "INTAKE",
            "payment_method": "card",
            "currency": "SGD",
            "ship_to": {
                "full_name": "A Buyer",
                "phone": "+6560000000",
                "line1": "1 Sample Road",
                "country": "SG",
            },
            "lines": [{"sku": sku, "quantity": 1, "unit_price": price}],
        }
        key = {"Idempotency-Key": f"walk-{number}"}
        self._ask("POST", "/v1/orders", msgspec.json.encode(body), key, CREATED)

    def _ask(
        self, method: str, target: str, body: bytes | None, headers: dict[str, str], wanted: int
    ) -> Any:
        self._connection.request(method, target, body, self._headers | headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != wanted:
            raise WalkError(f"{method} {target.partition('?')[0]}: {answer.status} {content!r}")
        return msgspec.json.decode(content)


class Inserts:
    """Places orders at a steady pace in a thread of its own."""

    def __init__(self, port: int, key: str, *, per_second: float, sku: str) -> None:
        self._caller = Caller(port, key)
        self._pause = 1 / per_second
        self._sku = sku
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.placed = 0
        self.problem = ""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        due = time.monotonic()
        try:
            while not self._over.wait(max(0.0, due - time.monotonic())):
                self._caller.place(self.placed + 1, self._sku)
                self.placed += 1
                due += self._pause
        except (WalkError, OSError) as error:
            self.problem = f"inserting ended: {error}"


def walk(caller: Caller, *, sort: str) -> Walk:
    """Follow the cursor to the end of the list as it is then."""
    found = Walk()
    query = {"limit": str(PAGE), "sort": sort}
    while True:
        begun = time.perf_counter()
        page = caller.page(**query)
        found.milliseconds.append((time.perf_counter() - begun) * 1000)
        found.ids += [order["id"] for order in page["data"]]
        if not page["page"]["has_more"]:
            return found
        query["cursor"] = page["page"]["next_cursor"]
        if len(found.milliseconds) % 500 == 0:
            print(f"{len(found.ids):,} orders seen", file=sys.stderr)


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 1 when an order was skipped or seen twice."""
    chosen = _parser().parse_args(arguments)
    return alone.run(
        lambda scene: _walked(scene, chosen),
        stored=chosen.orders,
        well="Nothing was skipped, nothing was seen twice.",
    )


def _walked(scene: alone.Scene, chosen: argparse.Namespace) -> list[str]:
    with Inserts(scene.port, scene.key, per_second=chosen.per_second, sku=scene.sku) as inserts:
        found = walk(Caller(scene.port, scene.key), sort=chosen.sort)
    print(f"{found.told()}; {inserts.placed:,} orders were placed meanwhile")
    return [*found.problems(scene.known), *filter(None, [inserts.problem])]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.walk",
        description="Walk /v1/orders to its end by cursor while orders come in, and say whether "
        "anything was skipped or repeated, and what pages cost at both ends.",
    )
    parser.add_argument("--orders", type=int, default=ORDERS, metavar="N", help="stored before")
    parser.add_argument("--per-second", type=float, default=20.0, metavar="N", help="placed")
    parser.add_argument("--sort", default="-created_at", choices=("-created_at", "created_at"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
