"""One launcher per home."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from oms.runtime.home import Home
from oms.runtime.problems import StartupProblem


class HomeInUse(StartupProblem):
    """Another launcher owns this home's servers."""


@contextmanager
def only_launcher(home: Home) -> Iterator[None]:
    """Own the home's servers for as long as the block runs; HomeInUse when somebody else does.

    A POSIX record lock: the kernel drops it when the launcher dies, and unlike `flock` no forked
    child keeps it alive.
    """
    path = home.path / "launcher.lock"
    with path.open("a+", encoding="ascii") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            raise HomeInUse(
                f"oms already runs in {home.path} (process {file.read().strip() or 'unknown'}): "
                "stop it first, or set OMS_HOME and OMS_PORT for a second installation."
            ) from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
