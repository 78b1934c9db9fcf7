"""An installation of one's own, beside whatever else runs on this machine."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from oms.runtime import environment, readiness
from oms.runtime.home import PROJECT_ROOT, Home

READY_SECONDS = 180.0
VERIFY_TRIES = 8
VERIFY_PAUSE = 5.0
EXTERNAL = ("OMS_DATABASE_URL", "OMS_REDIS_URL", "OMS_BROKER_URL", "DJANGO_SETTINGS_MODULE")


def forget_other_installations() -> None:
    """What the environment says about another database must not reach this one."""
    for name in EXTERNAL:
        os.environ.pop(name, None)


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def told(home: Home, **more: str) -> Mapping[str, str]:
    """The environment of a process of this installation."""
    return environment.for_children(home) | more


def manage(home: Home, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run a management command; what it says is captured, its progress bar is not."""
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "manage.py", *words],
        env=told(home, **more),
        cwd=PROJECT_ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )


def run_module(home: Home, words: Sequence[str], **more: str) -> int:
    """Run a Python module of ours; its exit code."""
    command = [sys.executable, "-m", *words]
    return subprocess.run(  # noqa: S603 - our own program
        command, env=told(home, **more), cwd=PROJECT_ROOT, check=False
    ).returncode


def wait_ready(home: Home) -> None:
    """Return once the web process says it is ready; raises StartupProblem when it never does."""
    readiness.wait(home, seconds=READY_SECONDS, stopped=threading.Event())


def broken_invariants(home: Home) -> list[str]:
    """What `verify_invariants` finds; when nothing, it is printed.

    Looked at again for a while, because the last hints may still be on their way.
    """
    time.sleep(VERIFY_PAUSE)
    finished = manage(home, "verify_invariants")
    for _ in range(VERIFY_TRIES):
        if finished.returncode == 0:
            print(finished.stdout)
            return []
        time.sleep(VERIFY_PAUSE)
        finished = manage(home, "verify_invariants")
    return ["verify_invariants:", *finished.stdout.splitlines()]


def remove(home: Home) -> None:
    """Remove everything of an installation that does not run."""
    elsewhere = home.postgres_dir
    for directory in {home.path, elsewhere}:
        with suppress(FileNotFoundError):
            shutil.rmtree(directory)


def data_file(name: str) -> Path:
    """A file of the folder `shared/data` beside the project, whether it is there or not."""
    return PROJECT_ROOT.parent / "shared" / "data" / name
