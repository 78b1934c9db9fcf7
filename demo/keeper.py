"""Keeps the processes of an installation alive, and kills them. For fault tests only.

Unlike the supervisor of `make run`, which stops everything when one process dies, this one starts
a dead process again, as systemd or an orchestrator would.
"""

import math
import os
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

import psutil

from oms.runtime.home import PROJECT_ROOT, Home

TEND_SECONDS = 0.2
STOP_SECONDS = 30.0
ONLY_A_CHILD = 0.5  # how often the rest of the group survives


@dataclass(slots=True)
class Kept:
    """One entry of the Procfile."""

    name: str
    command: str
    process: "subprocess.Popen[bytes] | None" = None
    down_until: float = 0.0


def procfile(path: Path = PROJECT_ROOT / "Procfile") -> dict[str, str]:
    """Name and command of each entry."""
    entries = (line.partition(":") for line in path.read_text("utf-8").splitlines())
    return {
        name.strip(): command.strip()
        for name, colon, command in entries
        if colon and not name.startswith("#")
    }


class Keeper:
    """Every process in a group of its own."""

    def __init__(self, home: Home, environment: Mapping[str, str]) -> None:
        self._home = home
        self._environment = dict(environment)
        self._kept = {name: Kept(name, command) for name, command in procfile().items()}
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._tend, name="keeper", daemon=True)
        self.starts: Counter[str] = Counter()
        self.kills: Counter[str] = Counter()

    @property
    def names(self) -> list[str]:
        return list(self._kept)

    def start(self) -> None:
        """Start everything, and start again what dies."""
        self._thread.start()

    def stop(self) -> None:
        """End everything in order; what does not end is killed."""
        self._stopped.set()
        self._thread.join()
        running = [kept.process for kept in self._kept.values() if kept.process]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            _kill_group(process.pid)

    @contextmanager
    def held(self, name: str) -> Iterator[None]:
        """Keep one entry down until the block ends."""
        with self._lock:
            kept = self._kept[name]
            kept.down_until = math.inf
            if kept.process is not None:
                _kill_group(kept.process.pid)
        try:
            yield
        finally:
            kept.down_until = 0.0

    def kill(self, name: str, random: Random) -> str:
        """Kill -9 the whole group of an entry, or one of its children; what was killed."""
        with self._lock:
            kept = self._kept[name]
            if kept.process is None or kept.process.poll() is not None:
                return ""
            children = psutil.Process(kept.process.pid).children(recursive=True)
            if children and random.random() < ONLY_A_CHILD:
                with suppress(psutil.NoSuchProcess):
                    random.choice(children).kill()
                what = f"{name} child"
            else:
                kept.down_until = time.monotonic() + random.uniform(0.1, 2.0)
                _kill_group(kept.process.pid)
                what = f"{name} group"
            self.kills[what] += 1
            return what

    def _tend(self) -> None:
        while not self._stopped.wait(TEND_SECONDS):
            for kept in self._kept.values():
                with self._lock:
                    self._revive(kept)

    def _revive(self, kept: Kept) -> None:
        if kept.process is not None and kept.process.poll() is None:
            return
        if time.monotonic() < kept.down_until:
            return
        if kept.process is not None:
            _kill_group(kept.process.pid)  # orphans would hold the port
        with (self._home.logs / f"{kept.name}.log").open("ab") as log:
            kept.process = subprocess.Popen(  # noqa: S603 - a line of our Procfile
                ["/bin/sh", "-c", kept.command],
                env=self._environment,
                cwd=PROJECT_ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.starts[kept.name] += 1


def _kill_group(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
