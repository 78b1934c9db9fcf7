"""Processes a launcher left behind: children that escaped, or orphans of a killed launcher."""

import os
import signal

import psutil

from oms.runtime import daemons
from oms.runtime.home import Home

MARK = "OMS_SUPERVISED_BY"
GRACE_SECONDS = 10.0


def find(home: Home) -> list[psutil.Process]:
    """Every live process that a launcher of this home started, at any depth."""
    return [process for process in psutil.process_iter() if _is_marked(process, str(home.path))]


def end(home: Home, *, grace: float = GRACE_SECONDS) -> None:
    """End them; those that ignore the request are killed. Returns when none is left."""
    daemons.end(find(home), signal_number=signal.SIGTERM, seconds=grace)
    # A dying parent may have started another child meanwhile, so look again in any case.
    while remaining := find(home):
        daemons.end(remaining, signal_number=signal.SIGKILL, seconds=1)


def _is_marked(process: psutil.Process, mark: str) -> bool:
    if process.pid == os.getpid():
        return False
    try:
        return process.environ().get(MARK) == mark and daemons.is_alive(process)
    except (psutil.Error, OSError):
        return False
