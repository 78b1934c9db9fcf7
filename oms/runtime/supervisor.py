"""Runs the entries of the Procfile: if one ends, all end; nobody is left behind."""

import os
import shlex
import signal
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Message, Printer

from oms.runtime import leftovers
from oms.runtime.home import PROJECT_ROOT, Home
from oms.runtime.log_files import LogFile

GRACE_SECONDS = 20.0
WAIT_FOR_MARK = "until [ -e {} ]; do sleep 0.1; done; "
KILLED_BY = 128  # shells report 128 plus the signal's number


@dataclass(frozen=True, slots=True)
class Outcome:
    """The exit code of a run, and the child that ended of itself, if one did."""

    code: int
    ended: str | None


def run(
    home: Home,
    *,
    environment: Mapping[str, str],
    on_started: Callable[[], None],
    is_loud: bool = False,
    procfile: Path = PROJECT_ROOT / "Procfile",
    grace: float = GRACE_SECONDS,
) -> Outcome:
    """Run until a child ends or a signal arrives, and say what follows from it.

    The others wait until the first entry answers, which `home.ready_mark` tells: start-up is bound
    by the processor, and a person waits for the first. `on_started` is called once, in this thread,
    after every child was started. When this returns, no child or grandchild lives. The caller must
    be in the main thread.
    """
    printer = Printer() if is_loud else LogPrinter(home)
    supervisor = Supervisor(home, printer=StartNotice(printer, on_started), grace=grace)
    home.ready_mark.unlink(missing_ok=True)
    entries = parse_procfile(procfile.read_text("utf-8")).processes
    for number, (name, command) in enumerate(entries.items()):
        patience = "" if number == 0 else WAIT_FOR_MARK.format(shlex.quote(str(home.ready_mark)))
        supervisor.add_process(
            name, patience + command, env=dict(environment), cwd=str(PROJECT_ROOT)
        )
    supervisor.loop()
    leftovers.end(home, grace=1)
    code = int(supervisor.returncode or 0)
    return Outcome(code if code >= 0 else KILLED_BY - code, supervisor.ended)


class Supervisor(Manager):  # type: ignore[misc] # honcho is not typed
    """honcho's manager with a patient, complete stop."""

    def __init__(self, home: Home, *, printer: "StartNotice", grace: float) -> None:
        super().__init__(printer)
        self._home = home
        self._grace = grace
        self._kill_at = float("inf")
        self._is_stopping = False
        self.ended: str | None = None

    def terminate(self) -> None:
        """Ask each child itself, not its process group, to stop.

        Celery finishes the running jobs when its main process is asked, but a signal to a pool
        process breaks off the job in its hands.
        """
        if self._is_stopping:
            return
        self._is_stopping = True
        self.ended = next(
            (name for name, child in self._processes.items() if _has_ended(child)), None
        )
        self._kill_at = time.monotonic() + self._grace
        # honcho looks at the clock only after a first child stopped; all may refuse.
        timer = threading.Timer(self._grace, self.kill)
        timer.daemon = True
        timer.start()
        for child in self._processes.values():
            if "pid" in child and not _has_ended(child):
                _signal(child["pid"], signal.SIGTERM)

    def kill(self) -> None:
        """Kill what is left, once the grace period is over; before that, do nothing."""
        if time.monotonic() >= self._kill_at:
            super().kill()
            leftovers.end(self._home, grace=0)


class StartNotice:
    """Passes lines on to a printer; the first one proves that every child was started."""

    def __init__(self, printer: "Printer | LogPrinter", on_started: Callable[[], None]) -> None:
        self.width = 0
        self._printer = printer
        self._on_started: Callable[[], None] | None = on_started

    def write(self, message: Message) -> None:
        self._printer.width = self.width
        self._printer.write(message)
        if self._on_started is not None:
            started, self._on_started = self._on_started, None
            started()


class LogPrinter:
    """Writes what each child says into a file of its own."""

    def __init__(self, home: Home) -> None:
        self.width = 0
        self._logs = home.logs
        self._files: dict[str, LogFile] = {}

    def write(self, message: Message) -> None:
        name = "supervisor" if message.name in {None, "system"} else message.name
        if name not in self._files:
            self._files[name] = LogFile(self._logs / f"{name}.log")
        line = message.data if isinstance(message.data, bytes) else message.data.encode()
        self._files[name].write(line)


def _has_ended(child: Mapping[str, object]) -> bool:
    return "returncode" in child


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
