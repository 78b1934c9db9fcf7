"""Server processes that outlive a signal to the terminal, and may outlive their launcher."""

import contextlib
import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil

from oms.runtime.log_files import rotate, tail
from oms.runtime.problems import StartupProblem
from oms.runtime.server_user import ServerUser

POLL_SECONDS = 0.02


def spawn(
    command: Sequence[str], *, log: Path, user: ServerUser, environment: Mapping[str, str]
) -> psutil.Process:
    """Start a server in a session of its own, so that Ctrl-C in the terminal passes it by."""
    rotate(log)
    account = {"user": user.uid, "group": user.gid, "extra_groups": []} if user.is_other else {}
    with log.open("ab") as output:
        child = subprocess.Popen(  # noqa: S603 - our own servers
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env=dict(environment),
            start_new_session=True,
            umask=0o077,
            **account,  # type: ignore[call-overload]
        )
    process = psutil.Process(child.pid)
    # Whoever adopts a server has no Popen of it, so all watch it through psutil.
    child.returncode = 0
    return process


def running_in(directory: Path, *, name: str) -> list[psutil.Process]:
    """The processes called `name` whose working directory is `directory`, oldest first.

    A pid file can lie after a crash or a reboot; the working directory of a live process cannot.
    """
    found = []
    for process in psutil.process_iter(["name"]):
        if name not in (process.info["name"] or ""):
            continue
        with contextlib.suppress(psutil.Error, OSError):
            if process.cwd() == str(directory):
                found.append(process)
    return sorted(found, key=lambda process: (process.create_time(), process.pid))


def wait_until(
    ready: Callable[[], bool], *, process: psutil.Process, log: Path, seconds: float
) -> None:
    """Return once `ready()`; a StartupProblem when the process ends or the time is up first."""
    deadline = time.monotonic() + seconds
    while not ready():
        if not is_alive(process):
            raise StartupProblem(f"{log.stem} did not start: {last_words(log)} (see {log}).")
        if time.monotonic() > deadline:
            raise StartupProblem(f"{log.stem} did not accept connections within {seconds:.0f} s.")
        time.sleep(POLL_SECONDS)


def is_alive(process: psutil.Process) -> bool:
    """Whether the process still runs; a zombie does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def end(processes: Sequence[psutil.Process], *, signal_number: int, seconds: float) -> bool:
    """Signal the processes and wait; whether all of them ended in time."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(signal_number)
    deadline = time.monotonic() + seconds
    while any(map(is_alive, processes)):
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    for process in processes:
        with contextlib.suppress(ChildProcessError):  # collect our own; others are adopted
            os.waitpid(process.pid, os.WNOHANG)
    return True


def last_words(log: Path) -> str:
    """Why the server gave up, for the one sentence a person reads."""
    lines = tail(log).splitlines()
    fatal = [line for line in lines if "FATAL" in line]
    return (fatal or lines or ["no message"])[-1]
