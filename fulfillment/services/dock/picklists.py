"""Tasks that are picked together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from fulfillment import lifecycle
from fulfillment.choices import PicklistKind, PicklistStatus, TaskMilestone, TaskStatus
from fulfillment.models import FulfillmentTask, Picklist, PicklistEntry
from fulfillment.models.picklists import PicklistQuerySet
from fulfillment.services.activities import ActivityReport, report_activity
from fulfillment.services.dock import pick_order, scenes
from fulfillment.services.dock.scenes import GATHERABLE, Scene, Unfit, Wanted
from oms.events import outbox
from oms.events.choices import EventType, SubjectType
from oms.events.outbox import Fact
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.kernel.contention import retried

DONE = lifecycle.TASK_ENDED | lifecycle.TASK_LEFT | {TaskStatus.PACKED, TaskStatus.READY_FOR_PICKUP}
"""Tasks that need no picking any more."""


class PicklistNotFound(errors.NotFound):
    """There is no such picklist, or not for this actor."""

    code = "picklist_not_found"


class PicklistCodeTaken(errors.Conflict):
    """The point calls another picklist of that channel so."""

    code = "picklist_code_taken"


class PicklistClosed(errors.Conflict):
    """Everything on the picklist is packed or has ended; nothing can be added."""

    code = "picklist_closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PicklistDraft:
    """Tasks (primary keys) to pick together, and what the point's own system calls the list."""

    point_id: int
    channel_id: int | None
    task_ids: Sequence[int]
    external_code: str = ""
    kind: PicklistKind = PicklistKind.MANUAL
    criteria: Mapping[str, object] = field(default_factory=dict)


@retried
@transaction.atomic
def create_picklist(*, draft: PicklistDraft, actor: Actor, now: datetime) -> Picklist:
    """Put tasks that nobody began on a list, in the order of picking: picking has begun with it.

    All of them or none. The same code with the same tasks again is that list, also when it is
    closed or others were added to it. Raises PointUnknown, NoTasksNamed, TasksUnfit,
    PicklistCodeTaken.
    """
    wanted = Wanted(point_id=draft.point_id, channel_id=draft.channel_id, task_ids=draft.task_ids)
    scene = scenes.lock(wanted, actor=actor)
    if draft.external_code and (known := _known(draft, actor=actor)):
        return known
    _check(scene)
    picklist = _make(draft, scene, actor=actor, now=now)
    _enter(picklist, scene.tasks, after=0, is_original=True, now=now)
    outbox.record([_created(picklist, len(scene.tasks))], actor=actor, now=now)
    _begin(picklist, scene.tasks, actor=actor, now=now)
    return picklist


def _known(draft: PicklistDraft, *, actor: Actor) -> Picklist | None:
    """The list of this code. Raises PicklistCodeTaken when it was made of other tasks."""
    picklist = _called(draft).visible_to(actor).first()
    if picklist is None:
        return None
    first = picklist.entries.filter(is_original=True).values_list("task_id", flat=True)
    if set(first) != set(draft.task_ids):
        raise _taken(draft)
    return picklist


def _called(draft: PicklistDraft) -> PicklistQuerySet:
    """The list that has the draft's code, whoever made it."""
    rows = Picklist.objects.filter(point_id=draft.point_id, external_code=draft.external_code)
    if draft.channel_id is None:
        return rows.filter(channel__isnull=True)
    return rows.filter(channel_id=draft.channel_id)


def _taken(draft: PicklistDraft) -> PicklistCodeTaken:
    return PicklistCodeTaken("Another picklist has this code", code=draft.external_code)


def _check(scene: Scene) -> None:
    """Raises TasksUnfit."""
    listed = set(
        PicklistEntry.objects.filter(task__in=scene.tasks, is_active=True).values_list(
            "task_id", flat=True
        )
    )
    for task in scene.tasks:
        if reason := why_not(task, is_held=scene.is_held(task), is_listed=task.pk in listed):
            scene.refuse(task, reason)
    scene.check()


def why_not(task: FulfillmentTask, *, is_held: bool, is_listed: bool) -> Unfit | None:
    """Why a task cannot be put on a list."""
    if task.status in (TaskStatus.CANCELLED, TaskStatus.PACKED_FOR_REFUND):
        return Unfit.CANCELLED
    if task.status in DONE:
        return Unfit.PACKED
    if is_listed:
        return Unfit.ON_PICKLIST
    if is_held or task.status in lifecycle.STOPPED:
        return Unfit.ON_HOLD
    if task.status == TaskStatus.OUT_OF_STOCK:
        return Unfit.OUT_OF_STOCK
    return None if task.status in GATHERABLE else Unfit.BEGUN


def _make(draft: PicklistDraft, scene: Scene, *, actor: Actor, now: datetime) -> Picklist:
    row = Picklist(
        organization_id=scene.point.organization_id,
        point_id=draft.point_id,
        channel_id=draft.channel_id,
        external_code=draft.external_code,
        kind=draft.kind,
        criteria=dict(draft.criteria),
        created_at=now,
        created_by=str(actor)[:160],
    )
    # A rival with other tasks holds other orders, so the code is decided by its constraint.
    [picklist] = Picklist.objects.bulk_create([row], ignore_conflicts=bool(draft.external_code))
    if not draft.external_code:
        return picklist
    made = _called(draft).get()
    if made.entries.exists():
        raise _taken(draft)
    return made


def _enter(
    picklist: Picklist,
    tasks: Sequence[FulfillmentTask],
    *,
    after: int,
    is_original: bool,
    now: datetime,
) -> None:
    ordered = pick_order.sort_tasks(tasks, point_id=picklist.point_id)
    PicklistEntry.objects.bulk_create(
        PicklistEntry(
            picklist=picklist,
            task=task,
            position=position,
            is_original=is_original,
            added_at=now,
        )
        for position, task in enumerate(ordered, after + 1)
    )


def _begin(
    picklist: Picklist, tasks: Sequence[FulfillmentTask], *, actor: Actor, now: datetime
) -> None:
    """Being on a list is the beginning of picking, reported as points report it."""
    for task in tasks:
        report = ActivityReport(
            task_number=task.number,
            milestone=TaskMilestone.PICKING,
            description=f"On picklist {picklist.number}",
            occurred_at=now,
        )
        report_activity(report=report, actor=actor, now=now)


@retried
@transaction.atomic
def add_to_picklist(
    *, picklist_id: int, task_ids: Sequence[int], actor: Actor, now: datetime
) -> Picklist:
    """Add tasks to an open list, after those on it; what is on it already is skipped.

    Raises PicklistNotFound, NoTasksNamed, TasksUnfit, PicklistClosed.
    """
    seen = Picklist.objects.visible_to(actor)
    picklist = seen.filter(pk=picklist_id).first()
    if picklist is None:
        raise PicklistNotFound("No such picklist")
    wanted = Wanted(point_id=picklist.point_id, channel_id=picklist.channel_id, task_ids=task_ids)
    scene = scenes.lock(wanted, actor=actor)
    picklist = Picklist.objects.select_for_update(of=("self",)).get(pk=picklist_id)
    listed = set(picklist.entries.values_list("task_id", flat=True))
    scene.tasks = [task for task in scene.tasks if task.pk not in listed]
    if not scene.tasks and not scene.unfit:
        return picklist
    if picklist.status == PicklistStatus.CLOSED or _is_done(picklist):
        raise PicklistClosed("Everything on the picklist is done", picklist=picklist.number)
    _check(scene)
    last = picklist.entries.aggregate(last=Max("position"))["last"] or 0
    _enter(picklist, scene.tasks, after=last, is_original=False, now=now)
    _begin(picklist, scene.tasks, actor=actor, now=now)
    return picklist


def _is_done(picklist: Picklist) -> bool:
    return not picklist.entries.exclude(task__status__in=DONE).exists()


@retried
@transaction.atomic
def close_finished_picklist(*, task_id: int, actor: Actor, now: datetime) -> bool:
    """Close the open list a task is on, if no task on it is left to pick. True when it did."""
    on_open = Picklist.objects.filter(entries__task_id=task_id, entries__is_active=True)
    picklist = on_open.select_for_update(of=("self",)).first()
    if picklist is None or picklist.status == PicklistStatus.CLOSED or not _is_done(picklist):
        return False
    Picklist.objects.filter(pk=picklist.pk).update(status=PicklistStatus.CLOSED, closed_at=now)
    count = PicklistEntry.objects.filter(picklist=picklist).update(is_active=False)
    picklist.status = PicklistStatus.CLOSED
    outbox.record([_fact(EventType.PICKLIST_CLOSED, picklist, count)], actor=actor, now=now)
    return True


def _created(picklist: Picklist, count: int) -> Fact:
    code = {"external_code": picklist.external_code} if picklist.external_code else {}
    return _fact(EventType.PICKLIST_CREATED, picklist, count, **code)


def _fact(event_type: EventType, picklist: Picklist, count: int, **data: object) -> Fact:
    return Fact(
        organization_id=picklist.organization_id,
        type=event_type,
        subject_type=SubjectType.PICKLIST,
        subject_id=picklist.pk,
        channel_id=picklist.channel_id,
        point_id=picklist.point_id,
        status=picklist.status,
        data={
            "picklist": picklist.number,
            "tasks": count,
            "point_id": picklist.point_id,
            **data,
        },
    )
