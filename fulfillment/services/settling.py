"""The common end of every change: derive states, store them, report them, tell the order."""

from collections.abc import Iterable
from datetime import datetime

from fulfillment import lifecycle
from fulfillment.choices import CancellationStatus, TaskStatus
from fulfillment.models import CancellationTask
from fulfillment.services import facts
from fulfillment.services.work import OrderWork, TaskWork
from oms.events import outbox
from oms.events.choices import EventType
from oms.kernel import sql
from oms.kernel.actors import Actor
from oms.orders import services as orders

_EXPLAINED = lifecycle.STOPPED | {TaskStatus.OUT_OF_STOCK, TaskStatus.PACKED_FOR_REFUND}

_STORE = """
UPDATE fulfillment_fulfillmenttask
SET status = %(status)s, packed_at = %(packed_at)s, shipped_at = %(shipped_at)s,
    is_reserved = %(is_reserved)s, blocked_from = %(blocked_from)s,
    held_reason = %(held_reason)s, changed_at = %(now)s
WHERE id = %(task_id)s
"""


def settle(
    work: OrderWork, *, said: Iterable[outbox.Fact], actor: Actor, now: datetime, cause: str
) -> None:
    """Store each task's derived state, report `said` and what follows, and tell the order.

    The order learns of it only when units of its lines came further, or fell back.
    """
    reported = list(said)
    for task in work.tasks.values():
        reported += settle_task(work, task, now=now)
    outbox.record(reported, actor=actor, now=now)
    if made := work.progress_made():
        orders.record_progress(order=work.order, progress=made, actor=actor, now=now, cause=cause)


def settle_task(
    work: OrderWork, task: TaskWork, *, now: datetime, event: EventType | None = None
) -> list[outbox.Fact]:
    """Store a task's derived state if it is new, and close its cancellations if it ended with it.

    Returns what is to be reported: `event`, or else what the new state is called.
    """
    target = task.derived()
    if target == task.stored:
        return []
    lifecycle.check_task(source=task.stored, target=target)
    event = event or facts.reached(task.stored, target)
    task.status = target
    task.packed_at, task.shipped_at = _packed_at(task), _shipped_at(task)
    sql.rows(
        _STORE,
        {
            "task_id": task.id,
            "status": str(target),
            "packed_at": task.packed_at,
            "shipped_at": task.shipped_at,
            "is_reserved": task.is_reserved,
            "blocked_from": task.blocked_from if target == TaskStatus.BLOCKED else "",
            "held_reason": task.held_reason if target in _EXPLAINED else "",
            "now": now,
        },
    )
    said = [facts.task_fact(event, order=work.order, task=task, status=target, before=task.stored)]
    task.stored = target
    if target in lifecycle.TASK_ENDED and task.has_cancelled_lines:
        said += _close_cancellations(work, task, now=now)
    return said


def _packed_at(task: TaskWork) -> datetime | None:
    if lifecycle.TASK_RANK[task.status] < lifecycle.TASK_RANK[TaskStatus.PACKED]:
        return None
    return max((box.packed_at for box in task.boxes() if box.packed_at), default=task.packed_at)


def _shipped_at(task: TaskWork) -> datetime | None:
    if lifecycle.TASK_RANK[task.status] < lifecycle.TASK_RANK[TaskStatus.SHIPPED]:
        return None
    return max((box.shipped_at for box in task.boxes() if box.shipped_at), default=task.shipped_at)


def _close_cancellations(work: OrderWork, task: TaskWork, *, now: datetime) -> list[outbox.Fact]:
    """A task that ended has nothing left to drop."""
    still_open = CancellationTask.objects.filter(task_id=task.id, status=CancellationStatus.OPEN)
    closed = list(still_open.order_by("pk").values_list("pk", "number"))
    CancellationTask.objects.filter(pk__in=[pk for pk, _ in closed]).update(
        status=CancellationStatus.CLOSED, closed_at=now, changed_at=now
    )
    return [
        fact
        for pk, number in closed
        for fact in facts.cancellation_facts(
            order=work.order,
            task=task,
            cancellation_id=pk,
            number=number,
            status=CancellationStatus.CLOSED,
            lines=None,
        )
    ]
