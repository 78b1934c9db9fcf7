"""Brings database, static files and configuration up to date, in one process.

Run as `python -m oms.runtime.prepare`: one start of Django instead of one per command. What is
up to date costs a look, not the work.
"""

import hashlib
import io
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from oms.runtime.home import PROJECT_ROOT, Home
from oms.runtime.problems import StartupProblem

DEFAULT_WORLD = "demo/world.yaml"


def main() -> None:
    """Migrate, collect the static files and apply the world, each only as far as needed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oms.settings.local")
    django.setup()
    if _has_pending_migrations():
        print("Applying migrations ...", flush=True)
        call_command("migrate", interactive=False, verbosity=0)
    _collect_static(Home.from_env().path / "static.fingerprint")
    _apply_world()


def _has_pending_migrations() -> bool:
    """Also true when we cannot log in: the first migration makes the role that we log in as."""
    try:
        executor = MigrationExecutor(connection)
    except OperationalError:
        connection.close()
        return True
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _collect_static(stamp: Path) -> None:
    root = Path(str(settings.STATIC_ROOT))
    fingerprint = _static_fingerprint()
    if root.is_dir() and stamp.is_file() and stamp.read_text("ascii") == fingerprint:
        return
    print("Collecting static files ...", flush=True)
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(fingerprint, "ascii")


def _static_fingerprint() -> str:
    """Changes when a static file is added, removed or changed, or goes somewhere else."""
    digest = hashlib.sha256(repr((settings.STATIC_ROOT, settings.STORAGES)).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name}:{found.st_size}:{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _apply_world() -> None:
    world = PROJECT_ROOT / (os.environ.get("OMS_WORLD") or DEFAULT_WORLD)
    if not world.is_file():
        raise StartupProblem(f"The world file {world} does not exist: see OMS_WORLD.")
    changes = io.StringIO()
    call_command("apply", str(world), unless_applied=True, stdout=changes)
    print(changes.getvalue().rstrip().rpartition("\n")[2], flush=True)  # the sum of the changes


if __name__ == "__main__":
    try:
        main()
    except (StartupProblem, CommandError) as problem:
        sys.exit(str(problem))
