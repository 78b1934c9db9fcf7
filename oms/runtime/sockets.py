"""Short places for Unix sockets, whose whole path must fit into about 100 bytes."""

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from oms.runtime.problems import StartupProblem

LONGEST_PATH = 100
LONGEST_NAME = len("/.s.PGSQL.5432.lock")


def socket_dir(preferred: Path) -> Path:
    """`preferred`, or a short directory derived from it when a socket's path would be too long."""
    if _fits(preferred):
        return preferred
    digest = hashlib.sha256(os.fsencode(preferred)).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"oms-{os.getuid()}-{digest}"
    return short if _fits(short) else Path("/tmp") / short.name  # noqa: S108 - private, see below


def make_private_dir(path: Path, *, owner: int, group: int) -> None:
    """Make `path` a directory only `owner` may enter.

    The system's temporary directory is open to everybody, so a directory somebody else put
    there first, or a link, is refused.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.getuid(), owner}:
            raise StartupProblem(f"{path} belongs to somebody else: remove it and start again.")
        path.chmod(0o700)
        if found.st_uid != owner:
            os.chown(path, owner, group)
    except OSError as error:
        raise StartupProblem(f"Cannot prepare {path} ({error.strerror}).") from error


def _fits(directory: Path) -> bool:
    return len(os.fsencode(directory)) + LONGEST_NAME <= LONGEST_PATH
