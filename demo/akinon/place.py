"""An installation of one's own: its directory, and its processes while a run lasts."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from demo import installation
from demo.akinon import scenery
from demo.keeper import Keeper
from oms.runtime import servers
from oms.runtime.home import Home
from oms.runtime.problems import StartupProblem


def new_home() -> Home:
    """A new directory and a free port."""
    path = Path(tempfile.mkdtemp(prefix="oms-akinon-"))
    path.chmod(0o711)  # the account that runs PostgreSQL must get in
    return Home(path, port=installation.free_port())


@contextmanager
def working(home: Home, world: Path) -> Iterator[Keeper]:
    """Servers, web, worker and beat, with a world; yields who keeps them. Raises StartupProblem."""
    told = installation.told(home, OMS_WORLD=str(world))
    with ExitStack() as stack:
        stack.enter_context(servers.running(servers.needed(home)))
        if installation.run_module(home, ["oms.runtime.prepare"], OMS_WORLD=str(world)) != 0:
            raise StartupProblem("The installation could not be prepared.")
        keeper = Keeper(home, told)
        keeper.start()
        stack.callback(keeper.stop)
        installation.wait_ready(home)
        seeded = installation.manage(
            home, "seed_transitions", "--organization", scenery.ORGANIZATION
        )
        if seeded.returncode != 0:
            raise StartupProblem("The state transitions could not be made.")
        print(seeded.stdout.strip())
        yield keeper
