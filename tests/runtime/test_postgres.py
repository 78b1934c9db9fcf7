"""The embedded PostgreSQL through crashes, reboots and killed launchers."""

import os
import shutil
import signal
import subprocess
import sys

import psutil
import psycopg
import pytest

from oms.runtime import daemons
from oms.runtime.home import Home
from oms.runtime.postgres import EmbeddedPostgres
from tests import servers


@pytest.fixture
def postgres(home):
    server = EmbeddedPostgres(home, durable=False)
    server.start()
    return server


def ask(home, statement):
    with psycopg.connect(home.database_url) as connection:
        return connection.execute(statement).fetchone()[0]


def postmaster(home) -> psutil.Process:
    return psutil.Process(int((home.postgres_data / "postmaster.pid").read_text().split()[0]))


def remember(home) -> None:
    with psycopg.connect(home.database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")


def test_starts_once_and_stops_completely(home, postgres):
    server = postmaster(home)

    assert postgres.start() is False
    assert postgres.is_running() is True
    postgres.stop()
    assert postgres.is_running() is False
    assert server.is_running() is False


def test_listens_on_a_private_socket_only(home, postgres):
    assert ask(home, "SHOW listen_addresses") == ""
    assert postmaster(home).net_connections("inet") == []
    assert home.socket_dir.stat().st_mode & 0o077 == 0


def test_a_ctrl_c_in_the_terminal_passes_it_by(home, postgres):
    server = postmaster(home)

    assert os.getsid(server.pid) == server.pid


def test_is_durable_unless_told_otherwise(home):
    EmbeddedPostgres(home).start()

    assert [ask(home, f"SHOW {name}") for name in ("fsync", "synchronous_commit")] == ["on", "on"]
    assert ask(home, "SHOW data_checksums") == "on"
    assert ask(home, "SHOW server_encoding") == "UTF8"


def test_keeps_what_was_committed_when_it_is_killed(home):
    EmbeddedPostgres(home).start()
    remember(home)
    server = postmaster(home)
    everyone = [server, *server.children()]
    server.send_signal(signal.SIGKILL)
    server.wait()

    assert EmbeddedPostgres(home).start() is True

    assert ask(home, "SELECT answer FROM kept") == 42
    assert [process for process in everyone if daemons.is_alive(process)] == []


def test_starts_when_a_stranger_has_the_pid_of_its_last_run(home, postgres):
    postgres.stop()
    lines = [str(os.getppid()), str(home.postgres_data), "1", "5432", str(home.socket_dir), "", ""]
    (home.postgres_data / "postmaster.pid").write_text("\n".join([*lines, "ready\n"]))

    assert postgres.is_running() is False
    assert postgres.start() is True
    assert psutil.pid_exists(os.getppid())


def test_adopts_the_server_of_a_killed_launcher(home):
    script = (
        "import os, pathlib, sys; from oms.runtime.home import Home\n"
        "from oms.runtime.postgres import EmbeddedPostgres\n"
        "EmbeddedPostgres(Home(pathlib.Path(sys.argv[1])), durable=False).start()\n"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", script, str(home.path)], check=False)
    heir = EmbeddedPostgres(home, durable=False)

    assert heir.start() is False
    heir.stop()
    assert heir.is_running() is False


def test_begins_again_after_an_initdb_that_broke_off(home):
    home.ensure_writable()
    (home.postgres_dir / "data.new").mkdir(parents=True)
    (home.postgres_dir / "data.new" / "PG_VERSION").write_text("18\n")

    assert EmbeddedPostgres(home, durable=False).start() is True


def test_two_homes_run_side_by_side(home, postgres):
    other = Home(servers.short_home() / ("long" * 25))
    try:
        EmbeddedPostgres(other, durable=False).start()
        remember(home)
        assert ask(other, "SELECT to_regclass('kept')") is None
    finally:
        servers.erase(other.path)
        shutil.rmtree(other.path.parent)


def test_a_home_the_server_user_cannot_enter_works_too(home):
    home.path.chmod(0o700)

    EmbeddedPostgres(home, durable=False).start()

    assert ask(home, "SELECT 1") == 1
    is_elsewhere = not home.postgres_dir.is_relative_to(home.path)
    assert is_elsewhere is (os.getuid() == 0)
