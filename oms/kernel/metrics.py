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
from prometheus_client import CollectorRegistry, Counter, Histogram, values
from prometheus_client.multiprocess import MultiProcessCollector

Untyped = Callable[..., Any]  # what the library leaves without types

_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25)
_FORGOTTEN_AFTER = 24 * 3600  # seconds a counter outlives its process


def count_request(*, facade: str, operation: str, code: str, seconds: float | None = None) -> None:
    """One call of a machine was answered.

    `code` is the class of the answer by the facade's own codes, such as `2xx`, or the code itself
    where it is none of HTTP's; `seconds` is how long it took.
    """
    _requests().labels(facade=facade, operation=operation, code=code).inc()
    if seconds is not None:
        _durations().labels(facade=facade, operation=operation).observe(seconds)


def count_attempt(*, wire_format: str, outcome: str, seconds: float) -> None:
    """One try to deliver news has ended, as `AttemptOutcome` names it."""
    _attempts().labels(format=wire_format, outcome=outcome).inc()
    _attempt_durations().labels(format=wire_format).observe(seconds)


def count_expired_leases(*, queue: str, number: int) -> None:
    """So many claims outlived their lease: a worker died or hung, and others took the work."""
    _expiries().labels(queue=queue).inc(number)


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


@cache
def _durations() -> Histogram:
    directory()
    return Histogram(
        "oms_request_seconds",
        "How long calls of machines took, by language and operation",
        ("facade", "operation"),
        buckets=_BUCKETS,
        registry=None,
    )


@cache
def _attempts() -> Counter:
    directory()
    return Counter(
        "oms_delivery_attempts",
        "Tries to deliver news, by wire format and outcome",
        ("format", "outcome"),
        registry=None,
    )


@cache
def _attempt_durations() -> Histogram:
    directory()
    return Histogram(
        "oms_delivery_attempt_seconds",
        "How long receivers took, by wire format",
        ("format",),
        buckets=_BUCKETS,
        registry=None,
    )


@cache
def _expiries() -> Counter:
    directory()
    return Counter(
        "oms_leases_expired", "Claims that outlived their lease", ("queue",), registry=None
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
