"""Units a point gives back: refused, not found, or to be planned anew."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from fulfillment.choices import DiscrepancyReason, TaskStatus
from fulfillment.models import DenialReason, Discrepancy, TaskDenial
from fulfillment.services import facts, voiding
from fulfillment.services.commands.scene import Asked, Scene, give_back, open_scene, units_of
from fulfillment.services.work import LineWork
from oms.events.choices import EventType
from oms.events.outbox import Fact
from oms.inventory import services as inventory
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.orders import services as orders

REASON = "Not found at the point"


class DenialReasonUnknown(errors.InvalidInput):
    """The organization has no such reason to refuse, or it is not used any more."""

    code = "denial_reason_unknown"


@retried
@transaction.atomic
def refuse_task(
    *,
    task_id: int,
    reason_number: int,
    note: str = "",
    actor: Actor,
    now: datetime,
    asked: Asked | None = None,
) -> None:
    """The point will not ship it: the task becomes NEEDS_REPLANNING and its units go elsewhere.

    `reason_number` is a DenialReason's public number. From CREATED, WAITING_REMOTE, ACCEPTED or
    PICKING. The point is left out for these lines for a day, unless nobody else has them.
    Raises TaskNotFound, MoveNotAllowed, DenialReasonUnknown.
    """
    scene = open_scene(task_id=task_id, actor=actor, now=now, asked=asked)
    scene.check(
        TaskStatus.CREATED, TaskStatus.WAITING_REMOTE, TaskStatus.ACCEPTED, TaskStatus.PICKING
    )
    reasons = DenialReason.objects.filter(organization_id=scene.work.order.organization_id)
    reason = reasons.filter(public_number=reason_number, is_active=True).first()
    if reason is None:
        raise DenialReasonUnknown("No such reason to refuse")
    TaskDenial.objects.create(
        task_id=task_id,
        point_id=scene.task.point_id,
        reason=reason,
        title=reason.title,
        note=note,
        created_at=now,
        actor=str(actor)[:160],
    )
    refused = facts.task_fact(
        EventType.TASK_REFUSED,
        order=scene.work.order,
        task=scene.task,
        status=TaskStatus.NEEDS_REPLANNING,
        before=scene.task.stored,
        reason=reason.title,
    )
    give_back(scene, TaskStatus.NEEDS_REPLANNING, reason=reason.title, said=[refused])


@retried
@transaction.atomic
def report_missing_items(
    *,
    task_id: int,
    line_numbers: Collection[int],
    reason: DiscrepancyReason,
    is_whole: bool,
    actor: Actor,
    now: datetime,
    asked: Asked | None = None,
) -> None:
    """The point does not find lines of the task, or found something else in their place.

    With `is_whole`, or when nothing else is left, the task becomes OUT_OF_STOCK and all its units
    go elsewhere; otherwise the missing ones leave it and the rest stays. Each line gets a
    Discrepancy, and the point is left out for it for a day, unless nobody else has it. From
    CREATED, WAITING_REMOTE, ACCEPTED, PICKING or PICKED.
    Raises TaskNotFound, MoveNotAllowed, LineNotInTask, ItemsNotNamed, voiding.LineInvoiced.
    """
    scene = open_scene(task_id=task_id, actor=actor, now=now, asked=asked)
    scene.check(
        TaskStatus.CREATED,
        TaskStatus.WAITING_REMOTE,
        TaskStatus.ACCEPTED,
        TaskStatus.PICKING,
        TaskStatus.PICKED,
    )
    missing = scene.lines(line_numbers)
    note_discrepancies(missing, point_id=scene.task.point_id, reason=reason, actor=actor, now=now)
    if is_whole or len(missing) == len(scene.task.live_lines):
        short = _short(scene, missing, status=TaskStatus.OUT_OF_STOCK)
        give_back(scene, TaskStatus.OUT_OF_STOCK, reason=REASON, said=[short])
    else:
        drop_missing(scene, missing, reason=REASON)


def note_discrepancies(
    lines: Sequence[LineWork],
    *,
    point_id: int,
    reason: DiscrepancyReason,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep that a point could not give these lines."""
    Discrepancy.objects.bulk_create(
        Discrepancy(
            task_line_id=line.id,
            point_id=point_id,
            reason=reason,
            created_at=now,
            actor=str(actor)[:160],
        )
        for line in lines
    )


def drop_missing(scene: Scene, lines: Sequence[LineWork], *, reason: str) -> None:
    """Take lines from the task for another point; routing tries them now."""
    work, task, now = scene.work, scene.task, scene.now
    taken = [replace(line) for line in lines]
    dropped = [replace(line, quantity=line.live) for line in taken]
    short = _short(scene, lines, status=task.stored)
    said, needs = voiding.drop_lines(work, task, lines, now=now)
    said += facts.lines_cancelled(work.order, task, dropped)
    said += voiding.tell_point(work, task, dropped, reason=reason, now=now)
    scene.move(task.status, said=[short, *said])
    inventory.release_stock(needs=needs, actor=scene.actor)
    orders.record_deallocation(
        order=work.order,
        units=units_of(taken),
        actor=scene.actor,
        now=now,
        cause=task.number,
        due_at=now,
    )


def _short(scene: Scene, lines: Sequence[LineWork], *, status: TaskStatus) -> Fact:
    missing = [{"task_line": line.number, "quantity": line.live} for line in lines]
    return facts.task_fact(
        EventType.TASK_SHORT_PICKED,
        order=scene.work.order,
        task=scene.task,
        status=status,
        lines=missing,
    )


@retried
@transaction.atomic
def replan_task(*, task_id: int, actor: Actor, now: datetime, asked: Asked | None = None) -> None:
    """Have what a NEEDS_REPLANNING or OUT_OF_STOCK task wants routed now.

    One that still held stock at its point gives it back: it may go anywhere, also there again.
    Raises TaskNotFound, MoveNotAllowed.
    """
    scene = open_scene(task_id=task_id, actor=actor, now=now, asked=asked)
    scene.check(TaskStatus.NEEDS_REPLANNING, TaskStatus.OUT_OF_STOCK)
    wanted = facts.task_fact(
        EventType.TASK_NEEDS_REPLANNING,
        order=scene.work.order,
        task=scene.task,
        status=scene.task.stored,
        before=scene.task.stored,
    )
    was_reserved, reason = scene.task.is_reserved, scene.task.held_reason
    give_back(scene, scene.task.stored, reason=reason, said=[wanted])
    if was_reserved:
        scene.keep_unreserved()
