"""Where one installation keeps what it owns, and how to reach its embedded servers."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from oms.runtime import home_secrets
from oms.runtime.home_secrets import Secrets
from oms.runtime.problems import StartupProblem
from oms.runtime.sockets import socket_dir

PROJECT_ROOT = Path(__file__).resolve().parents[2]
EVERY_INTERFACE = {"", "0.0.0.0", "::"}  # noqa: S104 - names them, binds nothing
HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Home:
    """One installation: a directory, and the address its web process listens on."""

    path: Path
    port: int = 8000
    bind: str = "127.0.0.1"

    @classmethod
    def from_env(cls) -> "Home":
        """What OMS_HOME, OMS_PORT and OMS_BIND say; a relative path starts at the project."""
        path = Path(os.environ.get("OMS_HOME") or "var").expanduser()
        port = os.environ.get("OMS_PORT") or "8000"
        if not port.isascii() or not port.isdigit() or not 0 < int(port) <= HIGHEST_PORT:
            raise StartupProblem(f"OMS_PORT must be a port number, not {port!r}.")
        return cls(
            path=Path(os.path.abspath(PROJECT_ROOT / path)),  # noqa: PTH100 - keep links as named
            port=int(port),
            bind=os.environ.get("OMS_BIND") or "127.0.0.1",
        )

    @property
    def base_url(self) -> str:
        """Where a browser on this machine finds the web process."""
        host = "127.0.0.1" if self.bind in EVERY_INTERFACE else self.bind
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def postgres_dir(self) -> Path:
        """Everything of the embedded PostgreSQL; a link when it has to live elsewhere."""
        return (self.path / "postgres").resolve()

    @property
    def postgres_data(self) -> Path:
        return self.postgres_dir / "data"

    @property
    def socket_dir(self) -> Path:
        """The directory of PostgreSQL's Unix socket."""
        return socket_dir(self.postgres_dir / "run")

    @property
    def valkey_dir(self) -> Path:
        return self.path / "valkey"

    @property
    def valkey_socket(self) -> Path:
        return socket_dir(self.valkey_dir) / "valkey.sock"

    @property
    def documents(self) -> Path:
        return self.path / "documents"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def ready_mark(self) -> Path:
        """Exists once the web process of the present run has answered."""
        return self.path / "web.ready"

    @property
    def database_url(self) -> str:
        # The port names the socket file; stated, because PGPORT would move it otherwise.
        return f"postgresql://oms_owner@:5432/oms?host={quote(str(self.socket_dir))}"

    @property
    def redis_url(self) -> str:
        """Cache and locks."""
        return f"unix://{quote(str(self.valkey_socket))}?db=0"

    @property
    def broker_url(self) -> str:
        """Celery's queues, apart from the cache so that emptying that one loses no message."""
        return f"redis+socket://{quote(str(self.valkey_socket))}?virtual_host=1"

    def ensure_writable(self) -> None:
        """Make the directory if needed; a StartupProblem when this user cannot write there."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self.logs.mkdir(mode=0o700, exist_ok=True)
            self.documents.mkdir(mode=0o700, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.path):
                pass
        except OSError as error:
            raise StartupProblem(
                f"Cannot write to {self.path} ({error.strerror}): "
                "set OMS_HOME to a directory you may write to."
            ) from error

    def secrets(self) -> Secrets:
        """The installation's secrets, made at the first call."""
        self.ensure_writable()
        return home_secrets.load_or_make(self.path / "secrets.json")
