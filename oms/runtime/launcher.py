"""`make run`: from nothing to a serving installation, and back to nothing on Ctrl-C."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oms.runtime import (
    environment,
    external,
    leftovers,
    preparation,
    servers,
    signals,
    supervisor,
)
from oms.runtime.herald import Herald
from oms.runtime.home import PROJECT_ROOT, Home
from oms.runtime.home_lock import HomeInUse, only_launcher
from oms.runtime.problems import StartupProblem

STOP_SECONDS = 10.0
ADOPT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line decides about a run."""

    demo_orders: int
    is_loud: bool


def up(home: Home, options: Options) -> int:
    """Serve until Ctrl-C; the exit code. A StartupProblem when it cannot start."""
    begun = time.monotonic()
    home.ensure_writable()
    with only_launcher(home):
        leftovers.end(home)
        external.ensure_port_free(home)
        external.ensure_answers()
        told = environment.for_supervised(home)
        print(f"Starting oms in {home.path} ...", flush=True)
        with servers.running(servers.needed(home)):
            try:
                _prepare(home, told)
                herald = Herald(
                    home, environment=told, demo_orders=options.demo_orders, begun=begun
                )
                outcome = supervisor.run(
                    home, environment=told, on_started=herald.start, is_loud=options.is_loud
                )
                return herald.conclude(outcome)
            finally:
                signals.ignore_all()
                leftovers.end(home)


def serve_servers(home: Home) -> int:
    """Only the embedded servers, until Ctrl-C."""
    home.ensure_writable()
    with only_launcher(home), servers.running(servers.needed(home)):
        print(f"OMS_DATABASE_URL='{home.database_url}'")
        print(f"OMS_REDIS_URL='{home.redis_url}'")
        print(f"OMS_BROKER_URL='{home.broker_url}'", flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return 0
        finally:
            signals.ignore_all()


def execute(home: Home, command: Sequence[str]) -> int:
    """Run a command beside the servers; those that were not running are stopped afterwards."""
    home.ensure_writable()
    external.ensure_answers()
    told = environment.for_children(home)
    needed = servers.needed(home)
    try:
        with only_launcher(home), servers.running(needed):
            try:
                return _run(command, told)
            finally:
                signals.ignore_all()
    except HomeInUse:
        _await_servers(needed)
        return _run(command, told)


def _await_servers(needed: Sequence[servers.Server]) -> None:
    """The launcher that owns them may have begun a moment ago."""
    deadline = time.monotonic() + ADOPT_SECONDS
    while not all(server.is_running() for server in needed):
        if time.monotonic() > deadline:
            raise StartupProblem("Another launcher owns this home, but its servers do not answer.")
        time.sleep(0.1)


def _prepare(home: Home, told: Mapping[str, str]) -> None:
    if preparation.is_current(home):
        return
    code = _run([sys.executable, "-m", "oms.runtime.prepare"], told)
    if code != 0:
        raise StartupProblem("The installation could not be prepared: the reason stands above.")
    preparation.remember(home)


def _run(command: Sequence[str], told: Mapping[str, str]) -> int:
    """The command's exit code; when we are interrupted, it ends before we go on."""
    try:
        child = subprocess.Popen(  # noqa: S603 - running what was asked for is the job
            command, env=dict(told), cwd=PROJECT_ROOT
        )
    except OSError as error:
        raise StartupProblem(f"Cannot run {command[0]}: {error.strerror}.") from error
    with child:
        try:
            code = child.wait()
        except KeyboardInterrupt:
            _end(child)
            raise
    return code if code >= 0 else supervisor.KILLED_BY - code


def _end(child: "subprocess.Popen[bytes]") -> None:
    child.terminate()
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
