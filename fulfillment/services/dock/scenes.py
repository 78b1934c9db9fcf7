"""Tasks that something at the dock is asked for, under the locks of their orders."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from fulfillment import lifecycle
from fulfillment.choices import ParcelStatus, TaskStatus
from fulfillment.models import FulfillmentTask, Parcel
from oms.kernel import errors, sql
from oms.kernel.actors import Actor
from oms.locations.models import FulfillmentPoint
from oms.orders.models import Hold, Order

GATHERABLE = frozenset({TaskStatus.CREATED, TaskStatus.ACCEPTED})
"""Tasks nobody began to pick."""


class Unfit(StrEnum):
    """Why a task cannot be taken along."""

    NOT_FOUND = "not_found"
    ELSEWHERE = "other_point"
    OTHER_CHANNEL = "other_channel"
    ON_HOLD = "on_hold"
    OUT_OF_STOCK = "out_of_stock"
    BEGUN = "already_picked"
    ON_PICKLIST = "on_picklist"
    NOT_PACKED = "not_packed"
    PACKED = "packed"
    MANIFESTED = "on_manifest"
    LEFT = "left"
    CANCELLED = "cancelled"


class TasksUnfit(errors.Conflict):
    """Some of the tasks do not allow it, so nothing was done.

    `details["tasks"]` says why (a word of Unfit), by the task's number; a task that does not exist
    for the actor is named by its key.
    """

    code = "tasks_unfit"

    def __init__(self, reasons: Mapping[str, Unfit]) -> None:
        super().__init__("Some of the tasks do not allow it", tasks=dict(reasons))
        self.reasons = reasons


class NoTasksNamed(errors.InvalidInput):
    """Nothing was named to do it with."""

    code = "no_tasks_named"


class PointUnknown(errors.NotFound):
    """There is no such point, or not for this actor."""

    code = "point_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Tasks by key, all at one point and, where a channel is named, of that channel."""

    point_id: int
    channel_id: int | None
    task_ids: Collection[int]


@dataclass(slots=True, kw_only=True)
class Scene:
    """Tasks as they are under the locks of their orders, in the order of their keys."""

    point: FulfillmentPoint
    tasks: list[FulfillmentTask]
    held: frozenset[int]
    """Orders that are on hold."""
    boxes: Mapping[int, list[Parcel]] = field(default_factory=dict)
    """Boxes that exist, by task."""
    unfit: dict[str, Unfit] = field(default_factory=dict)

    def is_held(self, task: FulfillmentTask) -> bool:
        return task.order_id in self.held

    def refuse(self, task: FulfillmentTask, reason: Unfit) -> None:
        self.unfit.setdefault(task.number, reason)

    def check(self) -> None:
        """Raises TasksUnfit when a task was refused."""
        if self.unfit:
            raise TasksUnfit(self.unfit)


def get_point(*, point_id: int, actor: Actor) -> FulfillmentPoint:
    """A point the actor may work at. Raises PointUnknown."""
    seen = FulfillmentPoint.objects.visible_to(actor)
    point = seen.filter(pk=point_id).first()
    if point is None or (actor.point_ids is not None and point_id not in actor.point_ids):
        raise PointUnknown("No such point")
    return point


def lock(wanted: Wanted, *, actor: Actor) -> Scene:
    """Lock the orders of tasks, in the order of their keys, and read what decides.

    What is not the actor's, not of this point or not of this channel is noted as unfit. Raises
    PointUnknown, NoTasksNamed.
    """
    sql.require_transaction()
    point = get_point(point_id=wanted.point_id, actor=actor)
    asked = set(wanted.task_ids)
    if not asked:
        raise NoTasksNamed("No task was named")
    seen = FulfillmentTask.objects.visible_to(actor).filter(pk__in=asked)
    order_ids = set(seen.values_list("order_id", flat=True))
    orders = {order.pk: order for order in Order.objects.filter(pk__in=order_ids).locked()}
    tasks = list(seen.order_by("pk"))
    for task in tasks:
        task.order = orders[task.order_id]
    scene = Scene(point=point, tasks=tasks, held=_held(order_ids), boxes=_boxes(tasks))
    for missing in sorted(asked - {task.pk for task in tasks}):
        scene.unfit[str(missing)] = Unfit.NOT_FOUND
    for task in tasks:
        if task.point_id != wanted.point_id:
            scene.refuse(task, Unfit.ELSEWHERE)
        elif wanted.channel_id not in (None, task.channel_id):
            scene.refuse(task, Unfit.OTHER_CHANNEL)
    return scene


def _held(order_ids: Collection[int]) -> frozenset[int]:
    holds = Hold.objects.filter(order_id__in=order_ids, released_at__isnull=True)
    return frozenset(holds.values_list("order_id", flat=True))


def _boxes(tasks: Sequence[FulfillmentTask]) -> dict[int, list[Parcel]]:
    boxes: dict[int, list[Parcel]] = {task.pk: [] for task in tasks}
    found = Parcel.objects.filter(task__in=tasks).live().exclude(status=ParcelStatus.PLANNED)
    for box in found.order_by("pk"):
        boxes[box.task_id].append(box)
    return boxes


def is_at_dock(box: Parcel) -> bool:
    """Whether a box is packed and has not left."""
    return ParcelStatus(box.status) in lifecycle.AT_THE_DOCK


def why_no_box(task: FulfillmentTask) -> Unfit:
    """What to say of a task without a box to take."""
    return Unfit.CANCELLED if task.status == TaskStatus.CANCELLED else Unfit.NOT_PACKED
