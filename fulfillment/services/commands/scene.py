"""What every command does first and last: lock, look where the task is, and bring it elsewhere."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fulfillment.choices import Station, TaskStatus
from fulfillment.models import FulfillmentTask
from fulfillment.queries import TaskNotFound
from fulfillment.services import milestones, voiding
from fulfillment.services.commands import states
from fulfillment.services.packing_rules import LineNotInTask
from fulfillment.services.settling import settle, settle_task
from fulfillment.services.work import LineWork, OrderWork, TaskWork, lock_task
from oms.events.choices import EventType
from oms.events.outbox import Fact
from oms.inventory import services as inventory
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.locations.models import FulfillmentPoint
from oms.orders import services as orders


class MoveNotAllowed(errors.Conflict):
    """Where the task or transfer is, this is not done. `details["state"]` says where it is."""

    code = "move_not_allowed"


class ItemsNotNamed(errors.InvalidInput):
    """The command is about lines of the task, and none that is live was named."""

    code = "items_not_named"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The configured transition by which a command was asked for, where there is one.

    `source` and `destination` are its states: under the lock the task must be at the one, and goes
    to the other. What is acted on after the commit (the order source's state, an invoice service)
    is found by `rule`, the transition's number, in the events.
    """

    rule: int
    slug: str
    source: str
    destination: str
    is_synced: bool = True

    @property
    def told(self) -> dict[str, object]:
        return {"rule": self.rule, "slug": self.slug, "is_synced": self.is_synced}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A task under its order's lock, and who does what with it when."""

    work: OrderWork
    task: TaskWork
    actor: Actor
    now: datetime
    asked: Asked | None

    def check(self, *allowed: TaskStatus) -> None:
        """Raises MoveNotAllowed unless the task is in one of these states."""
        check_state(self.task.stored, allowed, number=self.task.number)

    def lines(self, numbers: Collection[int]) -> list[LineWork]:
        """Live lines by their public numbers. Raises LineNotInTask, ItemsNotNamed."""
        by_number = {line.number: line for line in self.task.lines.values()}
        if unknown := sorted(set(numbers) - by_number.keys()):
            raise LineNotInTask("The task has no such line", lines=unknown, task=self.task.number)
        named = [by_number[number] for number in sorted(set(numbers)) if by_number[number].live]
        if not named:
            raise ItemsNotNamed("Name the lines it is about", task=self.task.number)
        return named

    def move(
        self, target: TaskStatus, *, said: Iterable[Fact] = (), event: EventType | None = None
    ) -> None:
        """Bring the task to a state, and report `said` and that it is there."""
        self.task.status = target
        told = [*said, *settle_task(self.work, self.task, now=self.now, event=event)]
        settle(self.work, said=told, actor=self.actor, now=self.now, cause=self.task.number)

    def renew_deadline(self) -> None:
        """A task that becomes its point's work again has the whole time to be accepted."""
        point = FulfillmentPoint.objects.get(pk=self.task.point_id)
        FulfillmentTask.objects.filter(pk=self.task.id).update(
            accept_by=accept_by(point, now=self.now)
        )

    def keep_unreserved(self) -> None:
        """Store that the task holds nothing, where its state stays what it was."""
        FulfillmentTask.objects.filter(pk=self.task.id).update(
            is_reserved=False, changed_at=self.now
        )

    def bring_boxes(self, station: Station) -> None:
        """Bring every box of the task to a station of the road."""
        for box in self.task.boxes():
            milestones.bring(self.work, self.task, box, station, actor=self.actor, now=self.now)


def accept_by(point: FulfillmentPoint, *, now: datetime) -> datetime | None:
    """Until when a task given to a point now may be accepted."""
    minutes = point.accept_within
    return None if minutes is None else now + timedelta(minutes=minutes)


def check_state(stored: TaskStatus, allowed: Collection[TaskStatus], *, number: str) -> None:
    """Raises MoveNotAllowed."""
    if stored not in allowed:
        raise MoveNotAllowed(f"The task is {stored.label.lower()}", state=stored, task=number)


def open_scene(*, task_id: int, actor: Actor, now: datetime, asked: Asked | None) -> Scene:
    """Lock the order of a task the actor may see, and look whether the transition starts there.

    Raises TaskNotFound, MoveNotAllowed.
    """
    seen = FulfillmentTask.objects.visible_to(actor).filter(pk=task_id)
    number = seen.values_list("number", flat=True).first()
    if number is None:
        raise TaskNotFound("No such task")
    work, task = lock_task(number=number, actor=actor)
    if asked is not None:
        state = states.state_of(task.stored, has_wish=states.has_wish(work, task))
        if state != asked.source:
            raise MoveNotAllowed(f"The state is {state}", state=state, task=number)
        task.told = asked.told
    return Scene(work=work, task=task, actor=actor, now=now, asked=asked)


def units_of(lines: Iterable[LineWork]) -> Counter[int]:
    """Live units by order line."""
    units = Counter[int]()
    for line in lines:
        units[line.order_line_id] += line.live
    return units


def give_back(scene: Scene, target: TaskStatus, *, reason: str, said: Sequence[Fact] = ()) -> None:
    """The task keeps its lines, and holds nothing for them any more; routing looks elsewhere.

    Its boxes are void, its reservations are given back, and its units wait to be routed now. The
    routing that serves them takes them from the task. Raises voiding.LineInvoiced.
    """
    work, task, now = scene.work, scene.task, scene.now
    lines = task.live_lines
    needs = [need for line in lines for need in task.reservation(line, quantity=line.reserved)]
    units = units_of(lines) if task.is_reserved else Counter[int]()
    task.is_reserved, task.held_reason = False, reason[:255]
    told = [*said, *_void_all(scene)]
    scene.move(target, said=told)
    inventory.release_stock(needs=needs, actor=scene.actor)
    orders.record_deallocation(
        order=work.order,
        units=units,
        actor=scene.actor,
        now=now,
        cause=task.number,
        due_at=now,
    )


def _void_all(scene: Scene) -> list[Fact]:
    boxes = list(scene.task.parcels.values())
    if not boxes:
        return []
    voiding.check_not_invoiced(boxes)
    return voiding.void_parcels(scene.work, scene.task, boxes, now=scene.now)
