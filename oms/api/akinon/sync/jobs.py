"""What the connector's jobs share: leases, pauses, and telling the workers that rows are due."""

import datetime as dt

from oms.kernel.jobs import Job, hint_after_commit

LEASE = dt.timedelta(seconds=150)  # longer than any job may run (CELERY_TASK_TIME_LIMIT)
_CONSTANT = 10.0  # seconds, as Akinon's own client waits, for its ten times
_CONSTANT_TIMES = 10
_LONGEST = 600.0

_jobs: dict[str, Job] = {}


def plug(lane: str, job: Job) -> None:
    """Name the job of a lane; called once, from AppConfig."""
    _jobs[lane] = job


def is_due(lane: str) -> None:
    """After the commit, hint that rows of a lane are due. The sweep finds them without it, too."""
    if job := _jobs.get(lane):
        hint_after_commit(job)


def pause_after(failures: int) -> dt.timedelta:
    """How long to wait after so many failures in a row: constant at first, then doubling."""
    beyond = max(failures - _CONSTANT_TIMES, 0)
    return dt.timedelta(seconds=min(_CONSTANT * 2 ** min(beyond, 10), _LONGEST))


def doubling(attempts: int) -> dt.timedelta:
    """The exponential pause of pushes: 5 s, 10 s, 20 s ... up to ten minutes."""
    return dt.timedelta(seconds=min(5.0 * 2 ** min(max(attempts, 1) - 1, 10), _LONGEST))
