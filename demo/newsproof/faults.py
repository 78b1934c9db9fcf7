"""Kills workers and empties Valkey, by the clock, until told to stop."""

import threading
import time
from collections.abc import Callable
from random import Random

import redis

from demo.keeper import Keeper
from demo.newsproof.plans import KillPlan
from oms.runtime.home import Home
from oms.runtime.valkey import EmbeddedValkey

WORKER = "worker"


class Faults:
    """Two threads: one for each kind of fault, so that neither waits for the other."""

    def __init__(self, home: Home, keeper: Keeper, plan: KillPlan) -> None:
        self._home = home
        self._keeper = keeper
        self._plan = plan
        self._random = Random(plan.seed)
        self._until = 0.0
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self.kills = 0
        self.losses = 0
        self.problems: list[str] = []

    def start(self) -> None:
        self._until = time.monotonic() + self._plan.seconds
        for pause, strike in (
            (self._plan.pause, self._kill),
            (self._plan.flush_every, self._lose),
        ):
            thread = threading.Thread(target=self._repeat, args=(pause, strike), daemon=True)
            self._threads.append(thread)
            thread.start()

    @property
    def is_over(self) -> bool:
        """Whether the time is up and the last fault repaired."""
        return not any(thread.is_alive() for thread in self._threads)

    def stop(self) -> None:
        """Return once nothing is struck any more."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _repeat(self, pause: float, strike: Callable[[], None]) -> None:
        due = time.monotonic() + pause
        while due < self._until and not self._over.wait(max(0.0, due - time.monotonic())):
            try:
                strike()
            except Exception as error:  # noqa: BLE001 - told at the end: the proof is void then
                self.problems.append(f"a fault could not be made: {error}")
                return
            due += pause

    def _kill(self) -> None:
        if self._keeper.kill(WORKER, self._random):
            self.kills += 1

    def _lose(self) -> None:
        """Everything in Valkey is gone, and then Valkey itself for a moment."""
        with redis.Redis(unix_socket_path=str(self._home.valkey_socket)) as client:
            client.flushall()
        server = EmbeddedValkey(self._home)
        server.stop()
        server.start()
        self.losses += 1
