"""What a point reports about its work on a task."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from fulfillment import lifecycle
from fulfillment.choices import TaskMilestone, TaskStatus
from fulfillment.services import facts
from fulfillment.services.settling import settle
from fulfillment.services.work import OrderWork, TaskWork, lock_task
from oms.events import outbox
from oms.events.choices import EventType
from oms.kernel import sql
from oms.kernel.actors import Actor
from oms.kernel.contention import retried

# How far a report means the work has come. Only boxes make a task PACKED, so a report of packing
# says no more than that picking is over.
_REACHES: dict[TaskMilestone, TaskStatus] = {
    TaskMilestone.RECEIVED: TaskStatus.ACCEPTED,
    TaskMilestone.PICKING: TaskStatus.PICKING,
    TaskMilestone.PICKED: TaskStatus.PICKED,
    TaskMilestone.PACKING: TaskStatus.PICKED,
    TaskMilestone.PACKED: TaskStatus.PICKED,
}

_KEEP = """
INSERT INTO fulfillment_taskactivity (task_id, milestone, description, occurred_at, actor)
VALUES (%(task_id)s, %(milestone)s, %(description)s, %(occurred_at)s, %(actor)s)
ON CONFLICT DO NOTHING RETURNING id
"""

_RECEIVE = """
UPDATE fulfillment_fulfillmenttask SET received_at = %(now)s, changed_at = %(now)s
WHERE id = %(task_id)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityReport:
    """`milestone` is one of TaskMilestone to move the task; any other text is only kept."""

    task_number: str
    milestone: TaskMilestone | str
    description: str
    occurred_at: datetime


@retried
def report_activity(*, report: ActivityReport, actor: Actor, now: datetime) -> None:
    """Keep a report and move the task forward, never back. Raises TaskNotFound.

    The same report again changes nothing. A report on a task that ended is kept, and moves
    nothing: points work offline, and what they did is still worth knowing.
    """
    with transaction.atomic():
        work, task = lock_task(number=report.task_number, actor=actor)
        if not _keep(report, task, actor=actor):
            return
        said = _receive(work, task, now=now)
        before = task.stored
        _advance(task, report.milestone)
        if not said and task.status == before:
            said.append(_activity(report, work, task))
        settle(work, said=said, actor=actor, now=now, cause=task.number)


def _keep(report: ActivityReport, task: TaskWork, *, actor: Actor) -> bool:
    """Store the report. False when it is there already."""
    params: dict[str, object] = {
        "task_id": task.id,
        "milestone": str(report.milestone)[:64],
        "description": report.description,
        "occurred_at": report.occurred_at,
        "actor": str(actor),
    }
    return bool(sql.rows(_KEEP, params))


def _receive(work: OrderWork, task: TaskWork, *, now: datetime) -> list[outbox.Fact]:
    """A point that reports on a task has it."""
    if task.received_at is not None or task.stored == TaskStatus.CANCELLED:
        return []
    sql.rows(_RECEIVE, {"task_id": task.id, "now": now})
    received = EventType.TASK_RECEIVED
    return [facts.task_fact(received, order=work.order, task=task, status=task.stored)]


def _advance(task: TaskWork, milestone: str) -> None:
    if milestone not in TaskMilestone.values:
        return
    target = _REACHES[TaskMilestone(milestone)]
    if task.is_stopped:
        return
    is_ahead = lifecycle.TASK_RANK[target] > lifecycle.TASK_RANK[task.status]
    # A task without stock waits for staff: that the point has it, or says so again, is no news.
    waits = task.status == TaskStatus.OUT_OF_STOCK and target == TaskStatus.ACCEPTED
    if is_ahead and not waits:
        task.status = target


def _activity(report: ActivityReport, work: OrderWork, task: TaskWork) -> outbox.Fact:
    return facts.task_fact(
        EventType.TASK_ACTIVITY_REPORTED,
        order=work.order,
        task=task,
        status=task.stored,
        milestone=str(report.milestone)[:64],
        reported_at=report.occurred_at,
    )
