"""Telling whoever fetches labels that some are due. Jobs live above services: they plug in."""

from oms.kernel.jobs import Job, hint_after_commit

_jobs: list[Job] = []
_waybill_jobs: list[Job] = []
_paper_jobs: list[Job] = []


def plug_labels(job: Job) -> None:
    """Name the job that fetches due labels; called once, from AppConfig."""
    _jobs[:] = [job]


def labels_are_due() -> None:
    """After the commit, hint that labels are due. The sweep finds them without it, too."""
    for job in _jobs:
        hint_after_commit(job)


def plug_waybills(job: Job) -> None:
    """Name the job that fetches due waybills; called once, from AppConfig."""
    _waybill_jobs[:] = [job]


def waybills_are_due() -> None:
    """After the commit, hint that documents of channels are due. The sweep finds them, too."""
    for job in _waybill_jobs:
        hint_after_commit(job)


def plug_papers(job: Job) -> None:
    """Name the job that draws due papers; called once, from AppConfig."""
    _paper_jobs[:] = [job]


def papers_are_due() -> None:
    """After the commit, hint that papers are due. The sweep finds them without it, too."""
    for job in _paper_jobs:
        hint_after_commit(job)
