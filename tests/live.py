"""The web server of the Procfile, started for tests that go over a real socket.

A conftest that wants it imports the fixture. Such tests commit, so they use `transactional_db`.
"""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).parent.parent
PATIENCE = 60  # seconds


@dataclass(frozen=True)
class LiveServer:
    """Where the server listens."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def web_command() -> str:
    """The Procfile's own line, so that what is tested is what runs."""
    lines = (ROOT / "Procfile").read_text().splitlines()
    return next(line.removeprefix("web: ") for line in lines if line.startswith("web: "))


def test_database_url() -> str:
    """The URL of the database this test process works on."""
    parts = urlsplit(os.environ["OMS_DATABASE_URL"])
    return parts._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


@contextlib.contextmanager
def serving(module: str = "oms.settings.local", **environment: str) -> Iterator[LiveServer]:
    """Run the web server with some settings until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environ = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": module,
        "OMS_DATABASE_URL": test_database_url(),
        "OMS_SECRET_KEY": settings.SECRET_KEY,
        "OMS_FIELD_KEYS": settings.OMS_FIELD_KEYS,
        "OMS_TOKEN_PEPPER": settings.OMS_TOKEN_PEPPER,
        "OMS_ALLOWED_HOSTS": "127.0.0.1",
        "OMS_DOCUMENTS": str(Path(os.environ["OMS_HOME"]) / "documents"),
        "OMS_PORT": str(port),
        "OMS_WEB_WORKERS": "1",
        **environment,
    }
    process = subprocess.Popen(["sh", "-c", web_command()], cwd=ROOT, env=environ)
    try:
        _wait_for(port, process)
        yield LiveServer(port)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        if process.poll() is not None:
            raise RuntimeError(f"the web server ended with {process.returncode}")
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.05)
    raise RuntimeError("the web server did not come up")


@pytest.fixture(scope="session")
def live(django_db_setup: None, django_db_blocker: object) -> Iterator[LiveServer]:
    """One server for all tests of this process, on its test database."""
    with serving() as server:
        yield server


@pytest.fixture
def shared_documents(settings: object) -> None:
    """Documents written here are where the server reads them."""
    settings.MEDIA_ROOT = str(Path(os.environ["OMS_HOME"]) / "documents")
