"""The embedded servers an installation needs, as one thing to start and stop."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from typing import Protocol

from oms.runtime.home import Home
from oms.runtime.postgres import EmbeddedPostgres
from oms.runtime.valkey import EmbeddedValkey


class Server(Protocol):
    """What both embedded servers promise."""

    def start(self) -> bool: ...
    def stop(self) -> None: ...
    def is_running(self) -> bool: ...


def needed(home: Home) -> Sequence[Server]:
    """The servers no environment variable replaces by an external one."""
    servers: list[Server] = []
    if not os.environ.get("OMS_DATABASE_URL"):
        servers.append(EmbeddedPostgres(home))
    if not os.environ.get("OMS_REDIS_URL"):
        servers.append(EmbeddedValkey(home))
    return servers


@contextlib.contextmanager
def running(servers: Sequence[Server]) -> Iterator[None]:
    """The servers run inside the block; afterwards they are stopped, the last one first."""
    with contextlib.ExitStack() as stack:
        for server in servers:
            stack.callback(server.stop)
            server.start()
        yield
