"""One ends, all end; nobody is left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from oms.runtime import leftovers
from oms.runtime.home import PROJECT_ROOT

SCRIPT = """
import pathlib, sys
from oms.runtime import environment, supervisor
from oms.runtime.home import Home

home = Home(pathlib.Path(sys.argv[1]))

def started():
    home.ready_mark.touch()
    print("started", flush=True)

outcome = supervisor.run(
    home,
    environment=environment.for_supervised(home),
    on_started=started,
    procfile=home.path / "Procfile",
    grace=1.0,
)
print(outcome.ended)
sys.exit(outcome.code)
"""
STUBBORN = "trap '' TERM INT; while :; do sleep 0.1; done"


def until(true: Callable[[], bool]) -> None:
    """Give a loaded machine a minute."""
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def supervise(home):
    """Start a supervisor over `entries`; it has said that all of them run."""
    home.ensure_writable()
    begun = []

    def start(**entries: str) -> "subprocess.Popen[str]":
        lines = [f"{name}: {command}\n" for name, command in entries.items()]
        (home.path / "Procfile").write_text("".join(lines))
        process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(home.path)],
            cwd=PROJECT_ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        begun.append(process)
        process.stdout.readline()
        return process

    yield start
    for process in begun:
        process.kill()
    leftovers.end(home, grace=0)  # before reading on: a child that lives keeps the pipe open
    for process in begun:
        process.communicate()


def test_the_first_to_end_decides_the_exit_code(home, supervise):
    supervisor = supervise(web="sleep 0.3; exit 3", worker="exec sleep 60")

    assert supervisor.wait(60) == 3
    assert supervisor.stdout.read() == "web\n"
    assert leftovers.find(home) == []


def test_a_killed_child_counts_as_its_signal(supervise):
    supervisor = supervise(web="kill -9 $$", worker="exec sleep 60")

    assert supervisor.wait(60) == 128 + signal.SIGKILL


def test_asks_each_child_but_not_its_pool(home, supervise):
    asked = home.path / "asked"
    wait = "while :; do sleep 0.1; done"
    pool = f"trap 'echo pool >> {asked}; exit' TERM; touch {home.path}/pool.up; {wait}"
    main = f"trap 'echo main >> {asked}; exit' TERM; touch {home.path}/main.up; {wait}"
    supervisor = supervise(worker=f'sh -c "{pool}" & {main}')
    until(lambda: len(list(home.path.glob("*.up"))) == 2)

    supervisor.terminate()
    supervisor.wait(60)

    assert asked.read_text().split()[0] == "main"


def test_kills_who_does_not_listen_and_who_slipped_away(home, supervise):
    supervisor = supervise(web=STUBBORN, worker=f'setsid sh -c "{STUBBORN}" & {STUBBORN}')
    until(lambda: len(leftovers.find(home)) >= 3)

    supervisor.send_signal(signal.SIGINT)

    assert supervisor.wait(60) == 128 + signal.SIGINT
    assert supervisor.stdout.read() == "None\n"
    assert leftovers.find(home) == []


def test_orphans_of_a_killed_supervisor_are_found_and_ended(home, supervise):
    supervisor = supervise(web="exec sleep 60", worker=STUBBORN)
    os.kill(supervisor.pid, signal.SIGKILL)
    supervisor.wait()

    leftovers.end(home, grace=0.2)

    assert leftovers.find(home) == []


def test_what_a_child_says_goes_to_its_own_file(home, supervise):
    supervisor = supervise(web="echo hello from web", worker="exec sleep 60")
    supervisor.wait(60)

    assert (home.logs / "web.log").read_text() == "hello from web\n"
