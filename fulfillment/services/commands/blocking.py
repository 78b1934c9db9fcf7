"""Stopping the work on a task for a while."""

from datetime import datetime

from django.db import transaction

from fulfillment.choices import TaskStatus
from fulfillment.services.commands.scene import Asked, MoveNotAllowed, open_scene
from fulfillment.services.commands.states import STATE_OF
from oms.kernel.actors import Actor
from oms.kernel.contention import retried


@retried
@transaction.atomic
def block_task(
    *, task_id: int, note: str = "", actor: Actor, now: datetime, asked: Asked | None = None
) -> None:
    """Nothing is done with the task until it is unblocked; what is reserved stays so.

    From CREATED, WAITING_REMOTE, ACCEPTED, PICKING or PICKED. Raises TaskNotFound, MoveNotAllowed.
    """
    scene = open_scene(task_id=task_id, actor=actor, now=now, asked=asked)
    scene.check(
        TaskStatus.CREATED,
        TaskStatus.WAITING_REMOTE,
        TaskStatus.ACCEPTED,
        TaskStatus.PICKING,
        TaskStatus.PICKED,
    )
    scene.task.blocked_from = scene.task.stored
    scene.task.held_reason = note[:255]
    scene.move(TaskStatus.BLOCKED)


@retried
@transaction.atomic
def unblock_task(*, task_id: int, actor: Actor, now: datetime, asked: Asked | None = None) -> None:
    """The task goes back to where it was. Raises TaskNotFound, MoveNotAllowed.

    A transition that would lead elsewhere is refused.
    """
    scene = open_scene(task_id=task_id, actor=actor, now=now, asked=asked)
    scene.check(TaskStatus.BLOCKED)
    before = TaskStatus(scene.task.blocked_from)
    if asked is not None and STATE_OF[before] != asked.destination:
        raise MoveNotAllowed(
            f"It was blocked in state {STATE_OF[before]}",
            state=STATE_OF[scene.task.stored],
            task=scene.task.number,
        )
    scene.task.held_reason = ""  # of the block; a state that is explained keeps what is said here
    if before == TaskStatus.CREATED:
        scene.renew_deadline()
    scene.move(before)
