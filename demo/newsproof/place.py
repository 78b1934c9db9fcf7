"""The installation of a proof: started, adopted by this process, and removed."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import django

from demo import installation
from demo.keeper import Keeper
from oms.runtime import servers
from oms.runtime.home import Home
from oms.runtime.problems import StartupProblem


@dataclass(frozen=True, slots=True)
class Place:
    """A home whose servers run and whose world is applied. Its processes are the keeper's."""

    home: Home
    keeper: Keeper

    @contextmanager
    def working(self) -> Iterator[None]:
        """Web, worker and beat run inside the block, as the Procfile has them."""
        self.keeper.start()
        try:
            installation.wait_ready(self.home)
            yield
        finally:
            self.keeper.stop()


@contextmanager
def made(*, keep: bool) -> Iterator[Place]:
    """A place, with Django set up in this process. Raises StartupProblem."""
    path = Path(tempfile.mkdtemp(prefix="oms-newsproof-"))
    path.chmod(0o711)  # the account that runs PostgreSQL must get in
    home = Home(path, port=installation.free_port())
    try:
        home.ensure_writable()
        with servers.running(servers.needed(home)):
            if installation.run_module(home, ["oms.runtime.prepare"]) != 0:
                raise StartupProblem("The installation could not be prepared.")
            told = installation.told(home)
            os.environ.update(told)
            django.setup()
            yield Place(home, Keeper(home, told))
    finally:
        if keep:
            print(f"Kept: {path}")
        else:
            installation.remove(home)
