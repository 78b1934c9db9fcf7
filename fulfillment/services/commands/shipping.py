"""From the door to the buyer, told by commands instead of carriers."""

from datetime import datetime

from django.db import transaction

from fulfillment.choices import Station, TaskStatus
from fulfillment.services.commands.details import ShipmentNumbers, tell_shipment
from fulfillment.services.commands.scene import Asked, open_scene
from oms.events import outbox
from oms.kernel.actors import Actor
from oms.kernel.contention import retried


@retried
@transaction.atomic
def ship_task(
    *,
    task_id: int,
    numbers: ShipmentNumbers | None = None,
    actor: Actor,
    now: datetime,
    asked: Asked | None = None,
) -> None:
    """The goods left: PACKED becomes SHIPPED, and they leave the stock. The carrier is not told.

    `numbers` are carrier and tracking number from outside, kept with every box.
    Raises TaskNotFound, MoveNotAllowed.
    """
    scene = open_scene(task_id=task_id, actor=actor, now=now, asked=asked)
    scene.check(TaskStatus.PACKED)
    if numbers is not None and numbers.is_told:
        outbox.record(tell_shipment(scene, numbers), actor=actor, now=now)
    scene.bring_boxes(Station.SHIPPED)


@retried
@transaction.atomic
def make_ready_for_pickup(
    *, task_id: int, actor: Actor, now: datetime, asked: Asked | None = None
) -> None:
    """The buyer may come for it: PACKED becomes READY_FOR_PICKUP.

    Raises TaskNotFound, MoveNotAllowed.
    """
    scene = open_scene(task_id=task_id, actor=actor, now=now, asked=asked)
    scene.check(TaskStatus.PACKED)
    scene.move(TaskStatus.READY_FOR_PICKUP)


@retried
@transaction.atomic
def collect_task(*, task_id: int, actor: Actor, now: datetime, asked: Asked | None = None) -> None:
    """The buyer took it along: READY_FOR_PICKUP becomes DELIVERED, and the goods leave the stock.

    Raises TaskNotFound, MoveNotAllowed.
    """
    scene = open_scene(task_id=task_id, actor=actor, now=now, asked=asked)
    scene.check(TaskStatus.READY_FOR_PICKUP)
    scene.bring_boxes(Station.DELIVERED)


@retried
@transaction.atomic
def deliver_task(*, task_id: int, actor: Actor, now: datetime, asked: Asked | None = None) -> None:
    """It arrived: SHIPPED, ATTEMPTED or DELIVERY_FAILED becomes DELIVERED.

    Raises TaskNotFound, MoveNotAllowed.
    """
    scene = open_scene(task_id=task_id, actor=actor, now=now, asked=asked)
    scene.check(TaskStatus.SHIPPED, TaskStatus.ATTEMPTED, TaskStatus.DELIVERY_FAILED)
    scene.bring_boxes(Station.DELIVERED)


@retried
@transaction.atomic
def record_attempt(
    *, task_id: int, actor: Actor, now: datetime, asked: Asked | None = None
) -> None:
    """Nobody took it; the carrier will come again: SHIPPED becomes ATTEMPTED.

    Raises TaskNotFound, MoveNotAllowed.
    """
    scene = open_scene(task_id=task_id, actor=actor, now=now, asked=asked)
    scene.check(TaskStatus.SHIPPED)
    scene.bring_boxes(Station.DELIVERY_FAILED)
    scene.move(TaskStatus.ATTEMPTED)


@retried
@transaction.atomic
def record_delivery_failure(
    *, task_id: int, actor: Actor, now: datetime, asked: Asked | None = None
) -> None:
    """The carrier gave up: SHIPPED or ATTEMPTED becomes DELIVERY_FAILED.

    Raises TaskNotFound, MoveNotAllowed.
    """
    scene = open_scene(task_id=task_id, actor=actor, now=now, asked=asked)
    scene.check(TaskStatus.SHIPPED, TaskStatus.ATTEMPTED)
    scene.bring_boxes(Station.DELIVERY_FAILED)
    scene.move(TaskStatus.DELIVERY_FAILED)
