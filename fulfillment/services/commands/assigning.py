"""Giving a task's lines to points by hand."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from channels_app.choices import DeliveryScenario
from fulfillment.choices import TaskStatus
from fulfillment.models import FulfillmentTask, TaskLine
from fulfillment.services import voiding
from fulfillment.services.commands.scene import Asked, Scene, accept_by, open_scene, units_of
from fulfillment.services.labels import plan_parcels
from fulfillment.services.work import LineWork
from oms.events import outbox
from oms.events.choices import EventType, SubjectType
from oms.inventory import services as inventory
from oms.inventory.services import StockNeed
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.locations.models import FulfillmentPoint
from oms.orders import services as orders

REASON = "Planned by hand"


class GroupsIncomplete(errors.InvalidInput):
    """Every live line of the task has to be in exactly one group, and no group may be empty."""

    code = "groups_incomplete"


class GroupPointUnknown(errors.InvalidInput):
    """There is no such point, or it is closed. `details["points"]` are the unknown codes."""

    code = "group_point_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Lines by their public numbers, and the code of the point that shall ship them."""

    line_numbers: tuple[int, ...]
    point_code: str


@retried
@transaction.atomic
def assign_manually(
    *,
    task_id: int,
    groups: Sequence[Group],
    actor: Actor,
    now: datetime,
    asked: Asked | None = None,
) -> list[str]:
    """Replace a task by one CREATED task per group, with its units reserved at the group's point.

    The task is CANCELLED, its reservations are given back first. From CREATED, WAITING_REMOTE,
    ACCEPTED, PICKING, PICKED, NEEDS_REPLANNING or OUT_OF_STOCK. Returns the new tasks' numbers.
    Raises TaskNotFound, MoveNotAllowed, GroupsIncomplete, GroupPointUnknown, voiding.LineInvoiced,
    inventory.StockShortage.
    """
    scene = open_scene(task_id=task_id, actor=actor, now=now, asked=asked)
    scene.check(
        TaskStatus.CREATED,
        TaskStatus.WAITING_REMOTE,
        TaskStatus.ACCEPTED,
        TaskStatus.PICKING,
        TaskStatus.PICKED,
        TaskStatus.NEEDS_REPLANNING,
        TaskStatus.OUT_OF_STOCK,
    )
    lines = _grouped(scene, groups)
    points = _points(scene, groups)
    units = units_of(scene.task.live_lines)
    wanted = [[replace(line, quantity=line.live) for line in each] for each in lines]
    _end(scene)
    made = [
        _give(scene, wanted[place], points[group.point_code]) for place, group in enumerate(groups)
    ]
    _tell(scene, made)
    if not scene.task.is_reserved:
        orders.record_allocation(
            order=scene.work.order, units=units, actor=actor, now=now, cause=scene.task.number
        )
    single = [task for task in made if task.delivery == DeliveryScenario.CHANNEL_CARRIER_SINGLE]
    if single:
        plan_parcels(tasks=single, now=now, actor=actor)
    return [task.number for task in made]


def _grouped(scene: Scene, groups: Sequence[Group]) -> list[list[LineWork]]:
    named = Counter(number for group in groups for number in group.line_numbers)
    live = {line.number for line in scene.task.live_lines}
    is_empty = any(not group.line_numbers for group in groups)
    if is_empty or named.keys() != live or any(count > 1 for count in named.values()):
        raise GroupsIncomplete("Each item has to be in one group", task=scene.task.number)
    return [scene.lines(group.line_numbers) for group in groups]


def _points(scene: Scene, groups: Sequence[Group]) -> Mapping[str, FulfillmentPoint]:
    codes = {group.point_code for group in groups}
    found = FulfillmentPoint.objects.filter(
        organization_id=scene.work.order.organization_id, code__in=codes, is_active=True
    )
    points = {point.code: point for point in found}
    if unknown := sorted(codes - points.keys()):
        raise GroupPointUnknown("No such point", points=unknown)
    return points


def _end(scene: Scene) -> None:
    """The task loses all its lines, and what they held."""
    work, task, now = scene.work, scene.task, scene.now
    lines = task.live_lines
    taken = [replace(line, quantity=line.live) for line in lines]
    said, needs = voiding.drop_lines(work, task, lines, now=now)
    said += voiding.tell_point(work, task, taken, reason=REASON, now=now)
    scene.move(task.status, said=said)
    inventory.release_stock(needs=needs, actor=scene.actor)


def _give(scene: Scene, lines: Sequence[LineWork], point: FulfillmentPoint) -> FulfillmentTask:
    """A task with these lines at a point, reserved there."""
    old = FulfillmentTask.objects.get(pk=scene.task.id)
    task = FulfillmentTask.objects.create(
        organization_id=old.organization_id,
        channel_id=old.channel_id,
        order_id=old.order_id,
        point=point,
        decision_id=old.decision_id,
        delivery=old.delivery,
        allow_split=old.allow_split,
        carrier=old.carrier,
        delivery_type=old.delivery_type,
        packing_instruction=old.packing_instruction,
        delivery_instruction=old.delivery_instruction,
        created_at=scene.now,
        changed_at=scene.now,
        accept_by=accept_by(point, now=scene.now),
    )
    task.refresh_from_db(fields=["number"])
    TaskLine.objects.bulk_create(
        TaskLine(
            task=task,
            order_line_id=line.order_line_id,
            sku_id=line.sku_id,
            quantity=line.quantity,
        )
        for line in lines
    )
    needs = [
        StockNeed(sku_id=line.sku_id, point_id=point.pk, quantity=line.quantity, cause=task.number)
        for line in lines
    ]
    inventory.reserve_stock(needs=needs, actor=scene.actor)
    return task


def _tell(scene: Scene, made: Sequence[FulfillmentTask]) -> None:
    order = scene.work.order
    told = [
        outbox.Fact(
            organization_id=order.organization_id,
            type=EventType.TASK_CREATED,
            subject_type=SubjectType.TASK,
            subject_id=task.pk,
            order_ref=order.pk,
            channel_id=task.channel_id,
            point_id=task.point_id,
            status=task.status,
            data={
                "task": task.number,
                "order": order.external_id,
                "channel_id": task.channel_id,
                "point_id": task.point_id,
            },
        )
        for task in made
    ]
    outbox.record(told, actor=scene.actor, now=scene.now)
