"""People at the points: they look for packages in each state and run the next command."""

from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from threading import Lock

from demo.akinon.api import NO_CONTENT, Api, Row, Said, state_of
from demo.wire import UnreachableError

WAITING, PREPARING, READY, PACKED = "100", "200", "400", "500"
PICKUP, SHIPPED, ATTEMPTED, BLOCKED = "520", "600", "640", "1000"
WORKED_ON = (WAITING, BLOCKED, PREPARING, READY, PACKED, PICKUP, SHIPPED, ATTEMPTED)


@dataclass(frozen=True, slots=True)
class Habits:
    """How staff work. Shares are decided by seed and package, so a run can be repeated."""

    refused: float = 0.05
    missing: float = 0.03
    blocked: float = 0.03
    packed_at_once: float = 0.2
    collected: float = 0.1
    may_replan: bool = True
    """Off where a seller has one point: nobody else could serve what it refuses."""
    threads: int = 4
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Step:
    """A command and its own fields."""

    slug: str
    arguments: Mapping[str, object] = field(default_factory=dict)


class Staff:
    """One login works at every point."""

    def __init__(self, api: Api, habits: Habits) -> None:
        self.api = api
        self.habits = habits
        self.done: Counter[str] = Counter()
        self.overtaken: Counter[str] = Counter()
        """Commands refused because the package had moved meanwhile."""
        self.problems: list[str] = []
        self._lock = Lock()
        self._hindered: set[int] = set()
        self._reason: int | None = None

    def work(self) -> int:
        """One round over all states; how many commands were done."""
        before = self.done.total()
        threads = self.habits.threads
        with ThreadPoolExecutor(threads) as pool:
            for state in WORKED_ON:
                found = self.api.page("packages/short/", state__enum_value=state)["results"]
                list(pool.map(self._try_each, [found[start::threads] for start in range(threads)]))
        self.api.wire.close()
        return self.done.total() - before

    def _try_each(self, packages: list[Row]) -> None:
        """One person's share of a round, over one connection."""
        for package in packages:
            self._try(package)
        self.api.wire.close()

    def _try(self, package: Row) -> None:
        number, state = int(package["id"]), state_of(package)
        try:
            step = self._next(number, state)
            said = self.api.command(number, step.slug, step.arguments)
        except (UnreachableError, ValueError, KeyError) as fault:
            self._note(f"package {number} in {state}: {type(fault).__name__} {fault}")
            return
        with self._lock:
            if said.status == NO_CONTENT:
                self.done[step.slug] += 1
                return
        self._explain(number, state, step, said)

    def _explain(self, number: int, state: str, step: Step, said: Said) -> None:
        """A refusal is right where the package is not any more what we took it for."""
        if said.status < 500 and state_of(self.api.package(number)) != state:  # noqa: PLR2004
            with self._lock:
                self.overtaken[step.slug] += 1
        else:
            self._note(f"{step.slug} of {number} in {state}: HTTP {said.status} {said.text[:200]}")

    def _note(self, problem: str) -> None:
        with self._lock:
            self.problems.append(problem)

    def _next(self, number: int, state: str) -> Step:
        if state == WAITING:
            return self._first(number)
        dice = self._dice(number, state)
        if state == PACKED and dice.random() < self.habits.collected:
            return Step("ready-for-pickup")
        return STEPS[state](number)

    def _first(self, number: int) -> Step:
        """Some packages are hindered, each once at most."""
        draw = self._dice(number, WAITING).random()
        hindrance = self._hindrance(number, draw)
        if hindrance is not None:
            return hindrance
        if self._dice(number, "at once").random() < self.habits.packed_at_once:
            return Step("complete-packing")
        return Step("start-preparing")

    def _hindrance(self, number: int, draw: float) -> Step | None:
        habits = self.habits
        with self._lock:
            if number in self._hindered:
                return None
            self._hindered.add(number)
        if draw < habits.blocked:
            return Step("block")
        if not habits.may_replan:
            return None
        if draw < habits.blocked + habits.refused:
            return Step("refuse", {"denial_reason": self._denial_reason()})
        if draw < habits.blocked + habits.refused + habits.missing:
            missing = self.api.package(number)["packageitem_set"][0]["id"]
            slug = "product-not-found-advanced"
            return Step(slug, {"package_items": [missing], "reason": "not_found"})
        return None

    def _denial_reason(self) -> int:
        with self._lock:
            if self._reason is None:
                body = {"title": "Too busy today", "priority": 1}
                row = self.api.expect("POST", "packages/package_denial_reason/", body)
                self._reason = int(row["id"])
            return self._reason

    def _dice(self, number: int, word: str) -> Random:
        return Random(f"{self.habits.seed}:{number}:{word}")


def _plain(slug: str) -> Callable[[int], Step]:
    return lambda _number: Step(slug)


def _shipped(number: int) -> Step:
    """Every other package brings a number of its carrier."""
    if number % 2:
        return Step("ship")
    told = {"tracking_number": f"TRK{number}", "shipping_company": "ups"}
    return Step("ship-advanced", told)


def _prepared(number: int) -> Step:
    return Step("ready-for-packaging" if number % 3 == 0 else "complete-packing")


STEPS: Mapping[str, Callable[[int], Step]] = {
    PREPARING: _prepared,
    READY: _plain("complete-packing"),
    PACKED: _shipped,
    PICKUP: _plain("self-service-delivery"),
    SHIPPED: _plain("update-shipment-status"),
    ATTEMPTED: _plain("update-shipment-status"),
    BLOCKED: _plain("unblock"),
}
