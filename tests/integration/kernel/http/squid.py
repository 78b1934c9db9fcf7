"""Squid with the configuration we ship, between a name server and nothing public."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.simulators.receivers import closed_port

PROGRAM = shutil.which("squid", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
SHIPPED = Path(__file__).parents[4] / "deploy" / "squid.conf"
PATIENCE = 60  # seconds
_USER = "nobody"  # who squid becomes when root starts it

# What an installation adds, and then: what is below open.test is let through, wherever it leads;
# nothing leaves this machine, because connections begin at loopback or at an address that is not
# here; and a name is looked up again after a second.
_AROUND = """\
http_port 127.0.0.1:{port}
acl open dstdomain -n .open.test
http_access allow open
include {shipped}
access_log stdio:{folder}/access.log oms

cache_effective_user {user}
cache_log {folder}/cache.log
coredump_dir {folder}
pid_filename none
visible_hostname egress.test
max_filedescriptors 1024
hosts_file none
dns_nameservers {names}
dns_timeout {patience} seconds
negative_dns_ttl 1 second
tcp_outgoing_address 127.0.0.1
tcp_outgoing_address 2001:db8::1
shutdown_lifetime 0 seconds
"""


@dataclass(frozen=True)
class Squid:
    """Where it listens and writes."""

    port: int
    folder: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What it noted about the calls."""
        return (self.folder / "access.log").read_text()

    @property
    def complaints(self) -> list[str]:
        """What it had to say about its configuration."""
        lines = (self.folder / "stderr").read_text().splitlines()
        lines += (self.folder / "cache.log").read_text().splitlines()
        return [line for line in lines if "WARNING" in line or "ERROR" in line]

    def connect(self, target: str) -> str:
        """Ask for a tunnel: the status, and squid's name for what was wrong."""
        return self.ask(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())

    def ask(self, request: bytes) -> str:
        """Send a request as it is."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            connection.sendall(request)
            head = b""
            while b"\r\n\r\n" not in head and (part := connection.recv(65536)):
                head += part
        status, *fields = head.decode("latin-1").split("\r\n")
        wrong = [field.split()[1] for field in fields if field.startswith("X-Squid-Error:")]
        return " ".join([status.split()[1], *wrong])


@contextlib.contextmanager
def running(*, names: str) -> Iterator[Squid]:
    """Squid, asking the name server at an address, until the block ends."""
    assert PROGRAM
    with tempfile.TemporaryDirectory(prefix="oms-squid-") as name:
        squid = Squid(port=closed_port(), folder=Path(name))
        if os.geteuid() == 0:
            shutil.chown(squid.folder, _USER)
        conf = squid.folder / "squid.conf"
        conf.write_text(
            _AROUND.format(
                port=squid.port, folder=squid.folder, shipped=SHIPPED, user=_USER,
                names=names, patience=PATIENCE,
            )
        )  # fmt: skip
        with (squid.folder / "stderr").open("w") as stderr:
            process = subprocess.Popen([PROGRAM, "-N", "-f", str(conf)], stderr=stderr)
        try:
            _wait_for(squid, process)
            yield squid
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _wait_for(squid: Squid, process: "subprocess.Popen[bytes]") -> None:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        if process.poll() is not None:
            raise RuntimeError(f"squid ended: {(squid.folder / 'stderr').read_text()}")
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", squid.port), timeout=1).close()
            return
        time.sleep(0.05)
    raise RuntimeError("squid did not come up")
