"""One temporary PostgreSQL and one Valkey for a whole test run, shared by its worker processes."""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

import psutil

from oms.runtime.home import Home
from oms.runtime.postgres import EmbeddedPostgres
from oms.runtime.servers import Server
from oms.runtime.valkey import EmbeddedValkey

PREFIX = "oms-test-"
HOME = "OMS_TEST_HOME"


def short_home() -> Path:
    """A new directory with a short path, which the unprivileged server user may pass through."""
    path = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    path.chmod(0o711)
    return path


def name() -> None:
    """Put the servers' URLs into the environment, before any settings are read.

    The process that runs pytest chooses the home; pytest-xdist's workers inherit it. Each worker
    has two Valkey databases of its own, and pytest-django gives it a PostgreSQL database.
    """
    if HOME not in os.environ:
        os.environ[HOME] = str(short_home())
    home = Home(Path(os.environ[HOME]))
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    cache, queues = 2 * worker, 2 * worker + 1
    redis_url = home.redis_url.replace("db=0", f"db={cache}")
    broker_url = home.broker_url.replace("virtual_host=1", f"virtual_host={queues}")
    if external := os.environ.get("OMS_TEST_REDIS_URL"):
        redis_url, broker_url = f"{external}/{cache}", f"{external}/{queues}"
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "oms.settings.test",
        "OMS_HOME": str(home.path),
        "OMS_DATABASE_URL": os.environ.get("OMS_TEST_DATABASE_URL") or home.database_url,
        "OMS_REDIS_URL": redis_url,
        "OMS_BROKER_URL": broker_url,
    }


def start() -> None:
    """Start them; a run that was killed left its own behind, which go first."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        owner = path.name.removeprefix(PREFIX).split("-")[0]
        if owner.isdigit() and not psutil.pid_exists(int(owner)):
            erase(path)
    for server in _servers(Home(Path(os.environ[HOME]))):
        server.start()


def stop() -> None:
    """Stop them and remove what they wrote."""
    erase(Path(os.environ.pop(HOME)))


def erase(path: Path) -> None:
    """Stop the servers of a temporary home and remove it, wherever its parts lie."""
    home = Home(path)
    for server in (EmbeddedValkey(home), EmbeddedPostgres(home)):
        server.stop()
    for part in (home.postgres_dir, home.socket_dir, home.valkey_socket.parent, path):
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(part)


def _servers(home: Home) -> list[Server]:
    servers: list[Server] = []
    if not os.environ.get("OMS_TEST_DATABASE_URL"):
        servers.append(EmbeddedPostgres(home, durable=False))
    if not os.environ.get("OMS_TEST_REDIS_URL"):
        servers.append(EmbeddedValkey(home))
    return servers
