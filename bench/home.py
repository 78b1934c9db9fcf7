"""An installation for the benchmarks, started exactly as `make run` starts it."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from bench.world import world_file
from demo import installation
from oms.runtime import leftovers, servers
from oms.runtime.home import PROJECT_ROOT, Home
from oms.runtime.problems import StartupProblem

STOP_SECONDS = 60.0
START_SECONDS = 240.0
POLL = 0.05
PROGRAMS = {"granian": "web", "celery": "worker"}


class Installation:
    """A home in a temporary directory, with a port of its own and durable servers."""

    def __init__(self, parent: Path | None, *, rate_limit: int = 0) -> None:
        path = Path(tempfile.mkdtemp(prefix="oms-bench-", dir=parent))
        path.chmod(0o711)  # the account that runs PostgreSQL must get in
        self.home = Home(path, port=installation.free_port())
        self.home.ensure_writable()
        self.world = path / "world.yaml"
        self.world.write_text(world_file(rate_limit=rate_limit), "utf-8")
        self._launcher: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> Mapping[str, str]:
        """What every process of this installation is told.

        One process sends news at a time, because it is one process that is measured.
        """
        return installation.told(self.home, OMS_WORLD=str(self.world), OMS_WEBHOOK_SLOTS="1")

    def adopt(self) -> None:
        """Make this process one of the installation, before Django is set up."""
        os.environ.update(self.environment)

    def start(self) -> float:
        """Servers, migrations, web, worker and beat; the seconds until all was ready."""
        log = self.home.logs / "launcher.log"
        begun = time.monotonic()
        with log.open("wb") as output:
            self._launcher = subprocess.Popen(
                [sys.executable, "-m", "oms.runtime", "up", "--demo-orders", "0"],
                env=self.environment,
                cwd=PROJECT_ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        while "Ready after" not in (said := log.read_text("utf-8", "replace")):
            if self._launcher.poll() is not None or time.monotonic() > begun + START_SECONDS:
                raise StartupProblem(f"The installation did not start:\n{said}")
            time.sleep(POLL)
        return time.monotonic() - begun

    @contextmanager
    def servers_only(self) -> Iterator[None]:
        """The embedded servers and everything prepared, but no web, worker or beat."""
        with servers.running(servers.needed(self.home)):
            told = dict(self.environment)
            code = installation.run_module(self.home, ["oms.runtime.prepare"], **told)
            if code != 0:
                raise StartupProblem("The installation could not be prepared.")
            yield

    def stop(self) -> None:
        """Stop everything and wait for it."""
        if self._launcher is None:
            return
        self._launcher.terminate()
        try:
            self._launcher.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            leftovers.end(self.home, grace=0)
            self._launcher.kill()
            self._launcher.wait()
        self._launcher = None

    def remove(self) -> None:
        installation.remove(self.home)

    def verify(self) -> "subprocess.CompletedProcess[str]":
        """Run `verify_invariants --json`."""
        return installation.manage(self.home, "verify_invariants", "--json")

    def resident_bytes(self) -> dict[str, int]:
        """The largest process of each kind that serves: web, worker, and both mothers."""
        found: dict[str, int] = {}
        for process in leftovers.find(self.home):
            with suppress(psutil.Error):
                name = _kind(process)
                if name:
                    found[name] = max(found.get(name, 0), process.memory_info().rss)
        return found


def _kind(process: psutil.Process) -> str:
    """web or worker for a process that does the work, empty for its mother and the rest."""
    parent = process.parent()
    program = _program(process)
    if parent is None or _program(parent) != program:
        return ""
    return PROGRAMS.get(program, "")


def _program(process: psutil.Process) -> str:
    """What a console script's process runs: the script comes after its interpreter."""
    names = [Path(word).name for word in process.cmdline()[:2]]
    return next((name for name in names if name in PROGRAMS), "")
