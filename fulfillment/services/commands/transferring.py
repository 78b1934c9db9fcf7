"""Commands about goods on their way from one point to another."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import F

from fulfillment.choices import DiscrepancyReason, TaskStatus, TransferStatus
from fulfillment.models import TaskLine, TransferOrder
from fulfillment.services import leaving_out, transfers
from fulfillment.services.commands import states
from fulfillment.services.commands.returning import drop_missing, note_discrepancies
from fulfillment.services.commands.scene import (
    Asked,
    MoveNotAllowed,
    Scene,
    give_back,
    open_scene,
)
from fulfillment.services.work import LineWork
from oms.events import outbox
from oms.events.outbox import Fact
from oms.inventory import services as inventory
from oms.inventory.choices import StockReason
from oms.inventory.models import StockLevel
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.locations.models import ChannelPoint

REASON = "Not found where it was to be sent from"


class TransferNotFound(errors.NotFound):
    """There is no such transfer, or not for this actor."""

    code = "transfer_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Journey:
    """A transfer with its task, under the order's lock."""

    scene: Scene
    transfer: TransferOrder

    def check(self, *allowed: TransferStatus) -> None:
        """Raises MoveNotAllowed."""
        if self.transfer.status not in allowed:
            raise MoveNotAllowed(
                f"The transfer is {self.transfer.get_status_display().lower()}",
                state=self.transfer.status,
                transfer=self.transfer.number,
            )

    @property
    def lines(self) -> list[LineWork]:
        """The task's lines it brings, with or without live units."""
        keys = self.transfer.lines.order_by("task_line_id").values_list("task_line_id", flat=True)
        return [self.scene.task.lines[pk] for pk in keys]

    def reach(self, target: TransferStatus) -> Fact:
        scene = self.scene
        return transfers.end_transfer(scene.work, scene.task, self.transfer, target, now=scene.now)

    def report(self, *said: Fact) -> None:
        outbox.record(said, actor=self.scene.actor, now=self.scene.now)


@retried
@transaction.atomic
def dispatch_advance(
    *,
    transfer_id: int,
    carrier: str = "",
    tracking_number: str = "",
    actor: Actor,
    now: datetime,
    asked: Asked | None = None,
) -> None:
    """The source has packed it: WAITING becomes READY, with carrier and number from outside.

    Raises TransferNotFound, MoveNotAllowed.
    """
    journey = _open(transfer_id, actor=actor, now=now, asked=asked)
    journey.check(TransferStatus.WAITING)
    transfer = journey.transfer
    transfer.carrier = carrier or transfer.carrier
    transfer.tracking_number = tracking_number or transfer.tracking_number
    transfer.save(update_fields=["carrier", "tracking_number"])
    journey.report(journey.reach(TransferStatus.READY))


@retried
@transaction.atomic
def dispatch_transfer(
    *, transfer_id: int, actor: Actor, now: datetime, asked: Asked | None = None
) -> None:
    """The goods left the source: WAITING or READY becomes IN_TRANSIT, and they leave its stock.

    Raises TransferNotFound, MoveNotAllowed.
    """
    journey = _open(transfer_id, actor=actor, now=now, asked=asked)
    journey.check(TransferStatus.WAITING, TransferStatus.READY)
    transfer, task = journey.transfer, journey.scene.task
    live = [line for line in journey.lines if line.reserved]
    TaskLine.objects.filter(pk__in=[line.id for line in live]).update(is_in_transit=True)
    transfer.lines.exclude(task_line_id__in=[line.id for line in live]).delete()
    for line in live:
        line.is_in_transit = True
        transfer.lines.filter(task_line_id=line.id).update(quantity=line.reserved)
    TransferOrder.objects.filter(pk=transfer.pk).update(dispatched_at=now)
    said = journey.reach(TransferStatus.IN_TRANSIT)
    needs = transfers.needs_at(live, point_id=transfer.source_id, task=task)
    inventory.ship_stock(needs=needs, actor=actor)
    journey.report(said)


@retried
@transaction.atomic
def complete_transfer(
    *, transfer_id: int, actor: Actor, now: datetime, asked: Asked | None = None
) -> None:
    """The goods are at the destination: IN_TRANSIT becomes TRANSFERRED, and they are its stock.

    What its task still needs is reserved there; when nothing else is under way, the task is
    CREATED. Units whose lines were cancelled meanwhile are free. Where the destination owes more
    than it has, the task becomes OUT_OF_STOCK and is routed again.
    Raises TransferNotFound, MoveNotAllowed.
    """
    journey = _open(transfer_id, actor=actor, now=now, asked=asked)
    journey.check(TransferStatus.IN_TRANSIT)
    TransferOrder.objects.filter(pk=journey.transfer.pk).update(completed_at=now)
    said = journey.reach(TransferStatus.TRANSFERRED)
    _take_in(journey)
    lines = [line for line in journey.lines if line.reserved]
    is_reserved = _reserve(journey, lines)
    journey.report(said)
    if not is_reserved:
        give_back(journey.scene, TaskStatus.OUT_OF_STOCK, reason="Arrived goods are owed elsewhere")
    _arrive(journey)
    _go_on(journey.scene)


def _take_in(journey: _Journey) -> None:
    """The units are on the shelf of the destination."""
    transfer = journey.transfer
    skus = {line.id: line.sku_id for line in journey.lines}
    deltas = [
        inventory.StockDelta(
            sku_id=skus[entry.task_line_id],
            point_id=transfer.destination_id,
            on_hand=entry.quantity,
        )
        for entry in transfer.lines.order_by("pk")
    ]
    if deltas:
        inventory.adjust_levels(
            deltas=deltas,
            reason=StockReason.RECEIVED,
            reference=transfer.number,
            actor=journey.scene.actor,
            now=journey.scene.now,
        )


def _reserve(journey: _Journey, lines: list[LineWork]) -> bool:
    """Reserve what the task still needs. False when the destination owes more than it has."""
    point_id = journey.transfer.destination_id
    needs = transfers.needs_at(lines, point_id=point_id, task=journey.scene.task)
    try:
        inventory.reserve_stock(needs=needs, actor=journey.scene.actor)
    except inventory.StockShortage:
        return False
    return True


def _arrive(journey: _Journey) -> None:
    """The lines are no longer under way."""
    lines = journey.lines
    TaskLine.objects.filter(pk__in=[line.id for line in lines]).update(
        source_point=None, is_in_transit=False
    )
    for line in lines:
        line.source_point_id, line.is_in_transit = None, False


def _go_on(scene: Scene) -> None:
    """The task is its point's work once nothing is under way for it."""
    before = scene.task.status
    transfers.go_on(scene.task)
    if scene.task.status != before:
        scene.renew_deadline()
        scene.move(scene.task.status)


@retried
@transaction.atomic
def report_transfer_missing(
    *,
    transfer_id: int,
    reason: DiscrepancyReason,
    actor: Actor,
    now: datetime,
    asked: Asked | None = None,
) -> None:
    """The source does not find what it should send: WAITING becomes CANCELLED.

    Another point that has all of it free is to send it instead, the one tried first that did not
    miss it before; where there is none, the lines leave the task and are routed again.
    Raises TransferNotFound, MoveNotAllowed.
    """
    journey = _open(transfer_id, actor=actor, now=now, asked=asked)
    journey.check(TransferStatus.WAITING)
    scene, transfer = journey.scene, journey.transfer
    lines = [line for line in journey.lines if line.reserved]
    note_discrepancies(lines, point_id=transfer.source_id, reason=reason, actor=actor, now=now)
    source = _another_source(journey, lines)
    if source is None:
        drop_missing(scene, lines, reason=REASON)  # and the transfer with its last line
        if scene.task.stored == TaskStatus.CREATED:
            scene.renew_deadline()
        return
    cancelled = journey.reach(TransferStatus.CANCELLED)
    needs = transfers.needs_at(lines, point_id=transfer.source_id, task=scene.task)
    inventory.release_stock(needs=needs, actor=actor)
    _arrive(journey)
    opened = transfers.open_transfer(
        scene.work, scene.task, lines, source_point_id=source, actor=actor, now=now
    )
    journey.report(cancelled, opened)


def _another_source(journey: _Journey, lines: list[LineWork]) -> int | None:
    """The first point of the channel, by priority, with all of it free."""
    scene, transfer = journey.scene, journey.transfer
    left_out = leaving_out.points_left_out(
        order_line_ids=[line.order_line_id for line in lines], now=scene.now
    )
    avoided = {transfer.source_id, transfer.destination_id}.union(*left_out.values())
    links = ChannelPoint.objects.filter(channel_id=scene.task.channel_id, point__is_active=True)
    ranked = links.exclude(point_id__in=avoided).order_by("point__priority", "point_id")
    needed: dict[int, int] = {}
    for line in lines:
        needed[line.sku_id] = needed.get(line.sku_id, 0) + line.reserved
    for point_id in ranked.values_list("point_id", flat=True):
        levels = StockLevel.objects.filter(point_id=point_id, sku_id__in=needed)
        free = dict(levels.values_list("sku_id", F("on_hand") - F("reserved") - F("safety")))
        if all(free.get(sku_id, 0) >= units for sku_id, units in needed.items()):
            return point_id
    return None


def _open(transfer_id: int, *, actor: Actor, now: datetime, asked: Asked | None) -> _Journey:
    """Lock the order of a transfer the actor may see. Raises TransferNotFound, MoveNotAllowed."""
    seen = TransferOrder.objects.visible_to(actor).filter(pk=transfer_id)
    task_id = seen.values_list("task_id", flat=True).first()
    if task_id is None:
        raise TransferNotFound("No such transfer")
    # The source may not see the task, and is the one that dispatches.
    organization = replace(actor, point_ids=None)
    scene = open_scene(task_id=task_id, actor=organization, now=now, asked=None)
    transfer = TransferOrder.objects.get(pk=transfer_id)
    if asked is not None:
        state = states.TRANSFER_STATE_OF[TransferStatus(transfer.status)]
        if state != asked.source:
            raise MoveNotAllowed(f"The state is {state}", state=state, transfer=transfer.number)
        scene.task.told = asked.told
    return _Journey(
        scene=Scene(work=scene.work, task=scene.task, actor=actor, now=now, asked=asked),
        transfer=transfer,
    )
