"""The embedded PostgreSQL: a cluster under the home, reachable by Unix socket only."""

import os
import shutil
import signal
import time
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from oms.runtime import daemons, postgres_files
from oms.runtime.home import Home
from oms.runtime.problems import StartupProblem
from oms.runtime.server_user import ServerUser
from oms.runtime.sockets import make_private_dir

OWNER = "oms_owner"
DATABASE = "oms"
START_SECONDS = 60.0  # a crash is repaired first
STOP_SECONDS = 30.0
SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# Only for data nobody will miss: a power cut leaves the cluster unreadable.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """One cluster and its server. Durable unless told otherwise."""

    def __init__(self, home: Home, *, durable: bool = True) -> None:
        self._home = home
        self._durable = durable
        self._log = home.logs / "postgres.log"

    def start(self) -> bool:
        """Make the server accept connections; whether this call started it.

        The first start makes the cluster. A server left behind by a killed launcher is kept;
        what remains of a killed server is ended first.
        """
        self._home.ensure_writable()
        user = ServerUser.choose(self._home.postgres_data)
        directory = postgres_files.place_data(self._home, user)
        for private in (directory / "data", self._home.socket_dir):
            make_private_dir(private, owner=user.uid, group=user.gid)
        programs = postgres_files.programs(user)
        is_new = not self._adopt()
        if is_new:
            self._clear_remains()
            self._make_cluster(programs, user)
            server = self._spawn(programs, user)
            daemons.wait_until(self._is_ready, process=server, log=self._log, seconds=START_SECONDS)
        self._ensure_database()
        return is_new

    def stop(self) -> None:
        """Stop the server, whoever started it: sessions are cut, everything committed is kept."""
        server = self._server()
        if server is None or daemons.end(
            [server], signal_number=signal.SIGINT, seconds=STOP_SECONDS
        ):
            return
        self._end_all()

    def is_running(self) -> bool:
        """Whether a server of this cluster accepts connections."""
        return self._server() is not None and self._is_ready()

    def _adopt(self) -> bool:
        """Whether a server of this cluster runs; one about to start or stop is awaited."""
        server = self._server()
        deadline = time.monotonic() + START_SECONDS
        while server is not None and daemons.is_alive(server):
            if self._is_ready():
                return True
            if time.monotonic() > deadline:
                raise StartupProblem(f"PostgreSQL neither starts nor stops: see {self._log}.")
            time.sleep(daemons.POLL_SECONDS)
        return False

    def _server(self) -> psutil.Process | None:
        """The postmaster of this cluster, if one lives."""
        try:
            pid = int(self._pid_file.read_text().split("\n", 1)[0])
            process = psutil.Process(pid)
            if "postgres" in process.name() and process.cwd() == str(self._home.postgres_data):
                return process if daemons.is_alive(process) else None
        except (OSError, ValueError, psutil.Error):
            pass
        return None

    @property
    def _pid_file(self) -> Path:
        return self._home.postgres_data / "postmaster.pid"

    def _is_ready(self) -> bool:
        """PostgreSQL itself notes in line 8 of its pid file when it accepts connections."""
        try:
            return self._pid_file.read_text().splitlines()[7].strip() == "ready"
        except (OSError, IndexError):
            return False

    def _clear_remains(self) -> None:
        """End sessions that survived their killed server, and drop its two lock files.

        PostgreSQL refuses to start while the pid in one of them belongs to any process, also to
        a stranger after a reboot. Without live sessions the files guard nothing.
        """
        locks = [self._pid_file, self._home.socket_dir / ".s.PGSQL.5432.lock"]
        if any(lock.exists() for lock in locks):
            self._end_all()
            for lock in locks:
                lock.unlink(missing_ok=True)

    def _end_all(self) -> None:
        for signal_number in (signal.SIGQUIT, signal.SIGKILL):
            remains = daemons.running_in(self._home.postgres_data, name="postgres")
            if daemons.end(remains, signal_number=signal_number, seconds=5):
                return

    def _make_cluster(self, programs: Path, user: ServerUser) -> None:
        """Run initdb unless done; in a directory aside, so that a broken-off run leaves no half."""
        if (self._home.postgres_data / "PG_VERSION").exists():
            return
        draft = self._home.postgres_dir / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        make_private_dir(draft, owner=user.uid, group=user.gid)
        command = [
            str(programs / "initdb"), f"--pgdata={draft}", f"--username={OWNER}",
            "--auth-local=trust", "--auth-host=reject", "--encoding=UTF8", "--locale=C",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--data-checksums",
            *([] if self._durable else ["--no-sync"]),
        ]  # fmt: skip
        initdb = daemons.spawn(command, log=self._log, user=user, environment=_environment())
        if initdb.wait() != 0:
            raise StartupProblem(
                f"initdb failed: {daemons.last_words(self._log)} (see {self._log})."
            )
        self._home.postgres_data.rmdir()
        draft.rename(self._home.postgres_data)

    def _spawn(self, programs: Path, user: ServerUser) -> psutil.Process:
        settings = SETTINGS | ({} if self._durable else FORGETFUL)
        settings["unix_socket_directories"] = f'"{self._home.socket_dir}"'
        command = [str(programs / "postgres"), "-D", str(self._home.postgres_data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        return daemons.spawn(command, log=self._log, user=user, environment=_environment())

    def _ensure_database(self) -> None:
        with psycopg.connect(
            host=str(self._home.socket_dir), port=5432, user=OWNER, dbname="postgres",
            autocommit=True, connect_timeout=10,
        ) as connection:  # fmt: skip
            known = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone()
            if known is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


def _environment() -> dict[str, str]:
    """No PG* variable of the caller may reach the server."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
