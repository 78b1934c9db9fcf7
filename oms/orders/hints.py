"""Telling whoever routes orders that some are due. Routing lives above: it plugs itself in."""

from oms.kernel.jobs import Job, hint_after_commit

_jobs: list[Job] = []


def plug_routing(job: Job) -> None:
    """Name the job that routes due orders; called once, from fulfillment's AppConfig."""
    _jobs[:] = [job]


def routing_is_due() -> None:
    """After the commit, hint that orders are due. The sweep finds them without it, too."""
    for job in _jobs:
        hint_after_commit(job)
