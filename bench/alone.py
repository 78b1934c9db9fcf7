"""What the programs that measure one thing share: an installation of their own, with orders."""

import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import django

from bench.home import Installation
from demo import installation
from oms.runtime import signals
from oms.runtime.problems import StartupProblem


@dataclass(frozen=True, slots=True)
class Scene:
    """A running installation and what a client needs to know of it."""

    place: Installation
    key: str
    sku: str
    known: set[str]
    """The public ids of the orders that were stored before."""
    count_orders: Callable[[str], int]
    """How many orders have numbers that begin like this."""

    @property
    def port(self) -> int:
        return self.place.home.port


@contextmanager
def installed(*, stored: int = 0) -> Iterator[Scene]:
    """Start one, store so many orders, and remove all of it afterwards. Raises StartupProblem."""
    place = Installation(None)
    try:
        place.start()
        place.adopt()
        django.setup()
        past = importlib.import_module("bench.walk_past")  # knows models, so only now
        key, sku, known = past.prepare(place.home, stored=stored)
        yield Scene(place, key, sku, known, past.count_orders)
    finally:
        place.stop()
        place.remove()


def run(measure: Callable[[Scene], list[str]], *, stored: int = 0, well: str) -> int:
    """Measure, and say what does not hold, or `well`. The exit code."""
    signals.interrupt_on_all()
    installation.forget_other_installations()
    try:
        with installed(stored=stored) as scene:
            problems = measure(scene)
    except StartupProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    print(*(problems or [well]), sep="\n")
    return 1 if problems else 0
