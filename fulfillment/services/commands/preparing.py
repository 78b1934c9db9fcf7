"""A point's way to the box, told by commands instead of reports."""

from datetime import datetime

from django.db import transaction

from fulfillment.choices import TaskStatus
from fulfillment.models import FulfillmentTask
from fulfillment.services import facts
from fulfillment.services.commands.scene import Asked, Scene, open_scene
from oms.events.choices import EventType
from oms.events.outbox import Fact
from oms.kernel.actors import Actor
from oms.kernel.contention import retried


@retried
@transaction.atomic
def start_preparing(
    *, task_id: int, actor: Actor, now: datetime, asked: Asked | None = None
) -> None:
    """The point begins: CREATED or WAITING_REMOTE becomes ACCEPTED.

    Raises TaskNotFound, MoveNotAllowed.
    """
    scene = open_scene(task_id=task_id, actor=actor, now=now, asked=asked)
    scene.check(TaskStatus.CREATED, TaskStatus.WAITING_REMOTE)
    scene.move(TaskStatus.ACCEPTED, said=_receive(scene))


@retried
@transaction.atomic
def release_reservations(
    *, task_id: int, actor: Actor, now: datetime, asked: Asked | None = None
) -> None:
    """The point takes the goods from its shelf: CREATED becomes ACCEPTED.

    The units stay reserved in our books until the goods leave, so that nobody else is sold them:
    what is available is the same number either way. Raises TaskNotFound, MoveNotAllowed.
    """
    scene = open_scene(task_id=task_id, actor=actor, now=now, asked=asked)
    scene.check(TaskStatus.CREATED)
    scene.move(TaskStatus.ACCEPTED, said=_receive(scene))


@retried
@transaction.atomic
def make_ready_for_packing(
    *, task_id: int, actor: Actor, now: datetime, asked: Asked | None = None
) -> None:
    """Everything is at hand: ACCEPTED or PICKING becomes PICKED.

    Raises TaskNotFound, MoveNotAllowed.
    """
    scene = open_scene(task_id=task_id, actor=actor, now=now, asked=asked)
    scene.check(TaskStatus.ACCEPTED, TaskStatus.PICKING)
    scene.move(TaskStatus.PICKED)


@retried
@transaction.atomic
def confirm_remote(
    *, task_id: int, actor: Actor, now: datetime, asked: Asked | None = None
) -> None:
    """The other side agreed to the plan: WAITING_REMOTE becomes CREATED.

    From now on the point's time to accept runs. Raises TaskNotFound, MoveNotAllowed.
    """
    scene = open_scene(task_id=task_id, actor=actor, now=now, asked=asked)
    scene.check(TaskStatus.WAITING_REMOTE)
    scene.renew_deadline()
    scene.move(TaskStatus.CREATED)


def _receive(scene: Scene) -> list[Fact]:
    """A point that begins has the task. Returns that it does, where that is new."""
    task = scene.task
    if task.received_at is not None:
        return []
    FulfillmentTask.objects.filter(pk=task.id).update(received_at=scene.now)
    task.received_at = scene.now
    received = EventType.TASK_RECEIVED
    return [facts.task_fact(received, order=scene.work.order, task=task, status=task.stored)]
