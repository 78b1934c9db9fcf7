"""`python -m oms.runtime` as the Makefile calls it."""

import os
import signal
import socket
import subprocess
import sys

import pytest

from oms.runtime.home import PROJECT_ROOT
from oms.runtime.postgres import EmbeddedPostgres
from oms.runtime.valkey import EmbeddedValkey


@pytest.fixture
def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture
def environment(home, free_port):
    ours = {name: value for name, value in os.environ.items() if not name.startswith("OMS_")}
    return ours | {"OMS_HOME": str(home.path), "OMS_PORT": str(free_port), "OMS_BIND": "127.0.0.1"}


def command(*words):
    return [sys.executable, "-m", "oms.runtime", *words]


def refused(environment, *words) -> str:
    """The one sentence on standard error, after exit code 1."""
    answer = subprocess.run(
        command(*words), env=environment, cwd=PROJECT_ROOT, capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip
    assert (answer.returncode, answer.stderr.count("\n")) == (1, 1), answer
    return answer.stderr


def test_a_taken_port_is_told(environment, home):
    with socket.create_server(("127.0.0.1", int(environment["OMS_PORT"]))):
        sentence = refused(environment, "up")

    assert f"port {environment['OMS_PORT']}" in sentence
    assert EmbeddedPostgres(home).is_running() is False


def test_an_unwritable_home_is_told(environment):
    sentence = refused(environment | {"OMS_HOME": "/proc/home"}, "up")

    assert "Cannot write to /proc/home" in sentence


@pytest.mark.parametrize(
    ("variable", "url"),
    [
        ("OMS_DATABASE_URL", "postgresql://me:hidden@127.0.0.1:1/oms"),
        ("OMS_REDIS_URL", "redis://:hidden@127.0.0.1:1/0"),
    ],
)
def test_an_external_server_that_does_not_answer_is_told_without_its_password(
    environment, variable, url
):
    sentence = refused(environment | {variable: url}, "up")

    assert "127.0.0.1:1" in sentence
    assert variable in sentence
    assert "hidden" not in sentence


def test_a_second_launcher_is_told_who_was_first(environment):
    with subprocess.Popen(
        command("servers"), env=environment, cwd=PROJECT_ROOT, stdout=subprocess.PIPE, text=True
    ) as first:
        first.stdout.readline()
        sentence = refused(environment, "up")
        first.send_signal(signal.SIGTERM)

    assert f"process {first.pid}" in sentence
    assert first.returncode == 0


def test_exec_runs_beside_the_servers_and_stops_what_it_started(environment, home):
    script = (
        "from oms.runtime.home import Home; import psycopg, redis, sys; home = Home.from_env()\n"
        "redis.Redis.from_url(home.redis_url).ping()\n"
        "psycopg.connect(home.database_url).close(); sys.exit(7)"
    )

    answer = subprocess.run(
        command("exec", "--", sys.executable, "-c", script), env=environment, cwd=PROJECT_ROOT,
        check=False, timeout=120,
    )  # fmt: skip

    assert answer.returncode == 7
    assert EmbeddedPostgres(home).is_running() is False
    assert EmbeddedValkey(home).is_running() is False
