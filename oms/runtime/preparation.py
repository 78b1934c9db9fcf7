"""Whether an installation is as its last preparation left it.

Preparing means starting Django once more, which is half of a start. It is left out when neither
the project, nor its environment, nor the database cluster changed since.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from oms.runtime.home import PROJECT_ROOT, Home

LEFT_OUT = {"__pycache__", "node_modules", "tests", "docs", "bench", "var"}


def is_current(home: Home) -> bool:
    """Whether nothing changed since `remember`. Never true of an external database."""
    found = _mark(home)
    return (
        not os.environ.get("OMS_DATABASE_URL")
        and found.is_file()
        and found.read_text("ascii") == _fingerprint(home)
    )


def remember(home: Home) -> None:
    """Note that everything is prepared as the project now is."""
    _mark(home).write_text(_fingerprint(home), "ascii")


def _mark(home: Home) -> Path:
    return home.path / "prepared"


def _fingerprint(home: Home) -> str:
    digest = hashlib.sha256()
    told = {name: value for name, value in os.environ.items() if name.startswith("OMS_")}
    digest.update(repr(sorted(told.items())).encode())
    world = PROJECT_ROOT / (told.get("OMS_WORLD") or "demo/world.yaml")
    cluster = home.postgres_data / "PG_VERSION"
    for path in (*sorted(_files(PROJECT_ROOT)), world, cluster):
        if path.exists():
            found = path.stat()
            # The number tells a cluster made anew from the one that was prepared.
            digest.update(f"{path}:{found.st_ino}:{found.st_size}:{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _files(directory: Path) -> Iterator[Path]:
    for entry in os.scandir(directory):
        if entry.name.startswith(".") or entry.name in LEFT_OUT:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files(Path(entry.path))
        elif not entry.name.endswith(".pyc"):
            yield Path(entry.path)
