"""Counting for Prometheus, over all processes of the installation.

The web server runs several processes and any of them may be asked for the metrics, so each keeps
its counters in a file of a common directory (PROMETHEUS_MULTIPROC_DIR, or one below the system's
directory for temporary files), and whoever is asked adds them up.
"""

import hashlib
import os
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, cast

import psutil
from django.conf import settings
from prometheus_client import CollectorRegistry, Counter, values
from prometheus_client.multiprocess import MultiProcessCollector

Untyped = Callable[..., Any]  # what the library leaves without types

_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_FORGOTTEN_AFTER = 24 * 3600  # seconds a counter outlives its process


def count_request(*, facade: str, operation: str, code: str) -> None:
    """One call of a machine was answered; `code` is the facade's own, such as `200` or `1003`."""
    _requests().labels(facade=facade, operation=operation, code=code).inc()


def registry() -> CollectorRegistry:
    """A registry that adds up the counters of all processes."""
    directory()
    collected = CollectorRegistry()
    cast("Untyped", MultiProcessCollector)(collected)
    return collected


@cache
def directory() -> Path:
    """Where the counters are; made, and rid of those of long gone processes, on the first call."""
    named = os.environ.get(_VARIABLE)
    path = Path(named) if named else _own_directory()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    _forget_the_dead(path)
    os.environ[_VARIABLE] = str(path)
    # The library decides by the variable when it is imported, which may be before it is set.
    values.ValueClass = cast("Untyped", values.MultiProcessValue)()
    return path


@cache
def _requests() -> Counter:
    directory()
    return Counter(
        "oms_requests",
        "Calls of machines, by language, operation and answer",
        ("facade", "operation", "code"),
        registry=None,
    )


def _own_directory() -> Path:
    """The same for all processes of an installation, and nobody else's."""
    key = hashlib.sha256(f"metrics {settings.SECRET_KEY}".encode()).hexdigest()[:16]
    path = Path(tempfile.gettempdir()) / f"oms-metrics-{os.getuid()}-{key}"
    path.mkdir(mode=0o700, exist_ok=True)
    if path.is_symlink() or path.stat().st_uid != os.getuid():
        return Path(tempfile.mkdtemp(prefix="oms-metrics-"))
    return path


def _forget_the_dead(path: Path) -> None:
    for file in path.glob("*.db"):
        owner = file.stem.rpartition("_")[2]
        is_old = time.time() - file.stat().st_mtime > _FORGOTTEN_AFTER
        if is_old and owner.isdigit() and not psutil.pid_exists(int(owner)):
            file.unlink(missing_ok=True)
