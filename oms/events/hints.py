"""Telling the workers that rows are due. The jobs lie above whoever tells: they plug themselves in.

Rows are the jobs (docs/adr/0003): the sweeps find them without any of this, only later.
"""

from dataclasses import dataclass

from oms.kernel.jobs import Job, hint_after_commit


@dataclass(slots=True)
class Hint:
    """One kind of due rows, and the job that works them off once it is known."""

    job: Job | None = None

    def plug(self, job: Job) -> None:
        """Called once, from this app's AppConfig."""
        self.job = job

    def after_commit(self) -> None:
        """Tell the workers once the current transaction commits."""
        if self.job is not None:
            hint_after_commit(self.job)


EVENTS = Hint()
DELIVERIES = Hint()
REPLAYS = Hint()
