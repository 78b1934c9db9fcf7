"""One run: load, measure in rounds, load more, measure, look at memory, verify, restart."""

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import connection
from django.utils import timezone

from bench import history, news, stocking, world
from bench.context import Bench, FigureError, Values
from bench.database import Database, NotQuietError, make_floors
from bench.figures import FIGURES, Stage, intake
from bench.floors.server import FloorServer
from bench.helpers import Helper, HelperError
from bench.home import Installation
from bench.rows import ROWS
from bench.sizes import Sizes

MEGABYTE = 1_000_000
WEB_FLOORS = frozenset({"F1", "F2"})
FAILURES = (FigureError, HelperError, NotQuietError, OSError, psycopg.Error)


@dataclass(slots=True)
class Outcome:
    """Everything a run found."""

    measured: dict[str, list[float]]
    invariants: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    shares: Mapping[str, Sequence[float]] = field(default_factory=dict)
    seconds: float = 0.0


class Runner:
    """Knows the order of things; the figures know how they are measured."""

    def __init__(self, place: Installation, sizes: Sizes, names: Sequence[str]) -> None:
        self._place = place
        self._sizes = sizes
        self._names = list(names)
        self._begun = time.monotonic()
        keys = [row.key for row in ROWS if row.figure in self._names]
        self._outcome = Outcome({key: [] for key in keys})

    def run(self) -> Outcome:
        """Measure everything that was chosen. What cannot be measured is a failure, told."""
        bench = self._bench()
        try:
            self._prepare(bench)
            self._rounds(bench, Stage.FEW)
            if many := self._of(Stage.MANY):
                self._load_many(bench)
                self._warm_up(bench)
                self._rounds(bench, Stage.MANY)
            self._tell(f"measured {', '.join(many)}" if many else "measured")
            self._memory()
            self._verify(bench)
        finally:
            self._outcome.shares = bench.shares
            self._outcome.notes = list(bench.notes.values())
            bench.close()
            connection.close()
        self._restart()
        self._outcome.seconds = time.monotonic() - self._begun
        return self._outcome

    def _of(self, stage: Stage) -> list[str]:
        return [name for name in self._names if FIGURES[name].stage is stage]

    def _bench(self) -> Bench:
        home = self._place.home
        return Bench(
            place=self._place,
            sizes=self._sizes,
            database=Database(home.database_url),
            floors=make_floors(home, orders=self._sizes.first_orders),
            floor_server=FloorServer(self._place),
            generator=Helper("bench.load"),
            player=Helper("bench.life"),
        )

    def _prepare(self, bench: Bench) -> None:
        self._tell("loading SKUs, stock and the first orders")
        stocking.load(now=timezone.now())
        self._load(bench, self._sizes.first_orders)
        if WEB_FLOORS & set(self._names):
            bench.floor_server.start()
        self._warm_up(bench)

    def _warm_up(self, bench: Bench) -> None:
        self._tell("warming up")
        intake.warm_up(bench, with_floors=bool(WEB_FLOORS & set(self._names)))
        bench.database.vacuum()
        bench.floors.vacuum()

    def _rounds(self, bench: Bench, stage: Stage) -> None:
        """Every figure of the stage once per round, so that a noisy minute hurts all alike."""
        for number in range(1, self._sizes.rounds + 1):
            for name in self._of(stage):
                self._round(bench, name, number)

    def _round(self, bench: Bench, name: str, number: int) -> None:
        measure = FIGURES[name].measure
        if measure is None:
            return
        try:
            values = measure(bench)
            bench.await_quiet()
        except FAILURES as error:
            self._fail(f"{name}, round {number}: {error}")
            return
        self._keep(values)
        told = ", ".join(f"{key} {value:,.1f}" for key, value in values.items())
        self._tell(f"round {number} of {self._sizes.rounds}: {told}")

    def _load_many(self, bench: Bench) -> None:
        self._tell(f"storing {self._sizes.many_orders:,} orders")
        self._load(bench, self._sizes.many_orders)
        if "P10N" in self._names:
            self._tell("storing as many deliveries")
            news.load_past(bench.database, deliveries=self._sizes.many_orders)

    def _load(self, bench: Bench, wanted: int) -> None:
        history.load(
            bench.database,
            channel_code=world.INTAKE.code,
            stored=bench.stored,
            wanted=wanted,
            told=lambda stored: self._tell(f"{stored:,} orders stored"),
        )
        bench.stored = wanted

    def _memory(self) -> None:
        if "P12" in self._names:
            found = self._place.resident_bytes()
            self._keep({f"P12.{kind}": size / MEGABYTE for kind, size in found.items()})

    def _verify(self, bench: Bench) -> None:
        """Nothing may be due, or what is half done would look broken."""
        self._tell("verifying the invariants")
        try:
            bench.await_quiet()
        except NotQuietError as error:
            self._fail(str(error))
        finished = self._place.verify()
        try:
            self._outcome.invariants = json.loads(finished.stdout)
        except ValueError:
            self._fail(f"verify_invariants said: {finished.stdout[-500:]}")
            return
        broken = [each for each in self._outcome.invariants if each["holds"] is False]
        for each in broken:
            self._fail(f"{each['code']} is broken {each['count']} times: {each['rows'][:3]}")
        if "P14" in self._names:
            oversold = next(each for each in self._outcome.invariants if each["code"] == "I1")
            self._keep({"P14": float(oversold["count"])})

    def _restart(self) -> None:
        if "P13" not in self._names:
            return
        self._tell("starting again on the same home")
        self._place.stop()
        self._keep({"P13": self._place.start()})

    def _keep(self, values: Values) -> None:
        for key, value in values.items():
            self._outcome.measured[key].append(value)

    def _fail(self, sentence: str) -> None:
        self._outcome.failures.append(sentence)
        self._tell(f"FAILED: {sentence}")

    def _tell(self, sentence: str) -> None:
        load = os.getloadavg()[0]
        seconds = time.monotonic() - self._begun
        print(f"{seconds:6.1f} s  load {load:4.1f}  {sentence}", file=sys.stderr, flush=True)
