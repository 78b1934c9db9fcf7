"""Tasks that end without a delivery because the buyer gets the money back."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from fulfillment.choices import TaskStatus
from fulfillment.models import Discrepancy
from fulfillment.services import voiding
from fulfillment.services.commands.scene import Asked, open_scene, units_of
from oms.inventory import services as inventory
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.orders import services as orders
from oms.orders.choices import CancelParty

REASON = "Packed for refund"


@retried
@transaction.atomic
def pack_for_refund(
    *, task_id: int, actor: Actor, now: datetime, asked: Asked | None = None
) -> None:
    """Nobody will ship it: CREATED or OUT_OF_STOCK ends as PACKED_FOR_REFUND.

    Its units are cancelled by the seller and no longer reserved, and what was noted as not found
    is forgotten. Raises TaskNotFound, MoveNotAllowed.
    """
    scene = open_scene(task_id=task_id, actor=actor, now=now, asked=asked)
    scene.check(TaskStatus.CREATED, TaskStatus.OUT_OF_STOCK)
    work, task = scene.work, scene.task
    lines = task.live_lines
    units = units_of(lines)
    taken = [replace(line, quantity=line.live) for line in lines]
    Discrepancy.objects.filter(task_line__task_id=task.id).delete()
    said, needs = voiding.drop_lines(work, task, lines, now=now)
    parties = dict.fromkeys(units, CancelParty.SELLER)
    said += voiding.tell_point(work, task, taken, reason=REASON, now=now, parties=parties)
    scene.move(TaskStatus.PACKED_FOR_REFUND, said=said)
    inventory.release_stock(needs=needs, actor=actor)
    orders.record_cancellation(
        order=work.order,
        cancels=[
            orders.LineCancel(line_id=pk, quantity=n, party=CancelParty.SELLER, reason=REASON)
            for pk, n in units.items()
        ],
        deallocate=units if task.is_reserved else {},
        actor=actor,
        now=now,
        cause=task.number,
    )
