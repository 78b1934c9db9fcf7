"""The journey of a parcel."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from fulfillment import lifecycle
from fulfillment.choices import ParcelStatus, Station
from fulfillment.models import Parcel
from fulfillment.services import facts
from fulfillment.services.settling import settle
from fulfillment.services.work import OrderWork, ParcelWork, TaskWork, lock_parcel
from oms.events.choices import EventType
from oms.events.outbox import Fact
from oms.inventory import services as inventory
from oms.inventory.services import StockNeed
from oms.kernel import errors, sql
from oms.kernel.actors import Actor
from oms.kernel.contention import retried

_KEEP = """
INSERT INTO fulfillment_parcelmilestone (parcel_id, milestone, description, occurred_at, actor)
VALUES (%(parcel_id)s, %(milestone)s, %(description)s, %(occurred_at)s, %(actor)s)
ON CONFLICT DO NOTHING RETURNING id
"""

_MOVE = """
WITH shipped AS (
    UPDATE fulfillment_taskline l SET quantity_shipped = l.quantity_shipped + u.units
    FROM unnest(%(leaving)s::bigint[], %(units)s::int[]) AS u (id, units)
    WHERE l.id = u.id
)
UPDATE fulfillment_parcel
SET status = %(status)s, stage = %(stage)s, milestone_at = %(milestone_at)s,
    shipped_at = %(shipped_at)s, packed_at = %(packed_at)s, delivered_at = %(delivered_at)s,
    changed_at = %(now)s
WHERE id = %(parcel_id)s
"""


BY_HAND = "Told by a command"


class MilestoneUnknown(errors.InvalidInput):
    """Only stations of the journey can be reported: from SHIPPED on."""

    code = "milestone_unknown"


class ParcelVoided(errors.Conflict):
    """The parcel was voided: it cannot travel."""

    code = "parcel_voided"


class ChannelParcelMismatch(errors.Conflict):
    """The channel calls this parcel something else already."""

    code = "channel_parcel_mismatch"


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneReport:
    """Names the parcel by key, or by its task's number and the point's own parcel number.

    `milestone` None: only the text is kept. `channel_parcel_no` is stored if there is none yet.
    """

    milestone: ParcelStatus | None
    occurred_at: datetime
    description: str = ""
    parcel_id: int | None = None
    task_number: str = ""
    point_parcel_no: str = ""
    channel_parcel_no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Where a parcel goes: its status from then on, the station, and when that was."""

    target: ParcelStatus
    station: Station
    at: datetime

    @property
    def stage(self) -> str:
        return str(self.station) if self.station in lifecycle.STAGES else ""


@retried
def report_milestone(*, report: MilestoneReport, actor: Actor, now: datetime) -> bool:
    """Keep a report; the latest by its own time decides. True when the parcel's state changed.

    Reports come late, twice and out of order: identical ones have no effect, older ones are only
    kept, and of two at the same instant the more advanced counts, so that the order of arrival
    never matters. PACKED has no time of its own: the first milestone wins over it. With the first
    one the parcel has left, and its units leave the stock, once. A parcel that was only planned
    and is seen travelling must have been packed.

    Raises MilestoneUnknown, ParcelNotFound, ParcelVoided, ChannelParcelMismatch.
    """
    if report.milestone is not None and report.milestone not in lifecycle.TRAVELLING:
        raise MilestoneUnknown(f"{report.milestone} is no milestone of a journey")
    with transaction.atomic():
        work, task, parcel = _lock(report, actor=actor)
        name_parcel(parcel, report.channel_parcel_no, now=now)
        kept = _keep(report, parcel, actor=actor)
        if not kept or report.milestone is None or not _decides(report, parcel):
            return False
        changed = report.milestone != parcel.status
        move = Move(
            target=report.milestone, station=Station(report.milestone), at=report.occurred_at
        )
        move_parcel(work, task, parcel, move, actor=actor, now=now)
        return changed


def bring(
    work: OrderWork,
    task: TaskWork,
    parcel: ParcelWork,
    station: Station,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Bring a parcel to a station of the road at somebody's word, and keep that it was said.

    In the caller's transaction, which holds the order's lock. Its time is never before what was
    reported, so that the word counts.
    """
    target = lifecycle.STATUS_AT[station]
    at = max(now, parcel.milestone_at or now)
    report = MilestoneReport(milestone=target, occurred_at=at, description=BY_HAND)
    _keep(report, parcel, actor=actor)
    if parcel.station != station:
        move = Move(target=target, station=station, at=at)
        move_parcel(work, task, parcel, move, actor=actor, now=now)


def _lock(report: MilestoneReport, *, actor: Actor) -> tuple[OrderWork, TaskWork, ParcelWork]:
    work, task, parcel = lock_parcel(
        parcel_id=report.parcel_id,
        task_number=report.task_number,
        point_parcel_no=report.point_parcel_no,
        actor=actor,
    )
    if parcel is None:
        raise ParcelVoided("The parcel was voided", parcel=report.point_parcel_no)
    return work, task, parcel


def name_parcel(parcel: ParcelWork, number: str, *, now: datetime) -> None:
    """Keep what the channel calls the parcel, if it says so. Raises ChannelParcelMismatch."""
    if not number or number == parcel.channel_parcel_no:
        return
    if parcel.channel_parcel_no:
        raise ChannelParcelMismatch("The parcel has another number", parcel=parcel.number)
    parcel.channel_parcel_no = number
    Parcel.objects.filter(pk=parcel.id).update(channel_parcel_no=number, changed_at=now)


def _keep(report: MilestoneReport, parcel: ParcelWork, *, actor: Actor) -> bool:
    """Store the report. False when it is there already."""
    params: dict[str, object] = {
        "parcel_id": parcel.id,
        "milestone": str(report.milestone or ""),
        "description": report.description,
        "occurred_at": report.occurred_at,
        "actor": str(actor),
    }
    return bool(sql.rows(_KEEP, params))


def _decides(report: MilestoneReport, parcel: ParcelWork) -> bool:
    if report.milestone is None or parcel.milestone_at is None:
        return True
    rank = lifecycle.PARCEL_RANK
    said = (report.occurred_at, rank[report.milestone])
    return said > (parcel.milestone_at, rank[parcel.status])


def move_parcel(
    work: OrderWork,
    task: TaskWork,
    parcel: ParcelWork,
    move: Move,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Bring a travelling parcel to a station, and everything that follows from it.

    In the caller's transaction, which holds the order's lock.
    """
    before, was_at = parcel.status, parcel.station
    if before != move.target:
        lifecycle.check_parcel(source=before, target=move.target)
    leaves = not parcel.has_left
    parcel.status, parcel.stage, parcel.milestone_at = move.target, move.stage, move.at
    if leaves:
        parcel.shipped_at = move.at
        parcel.packed_at = parcel.packed_at or move.at
    sql.rows(_MOVE, {**_columns(parcel, leaves=leaves), "now": now})
    said = []
    if (before, was_at) != (parcel.status, parcel.station):
        said.append(moved_fact(work, task, parcel, before=before, was_at=was_at, at=move.at))
    settle(work, said=said, actor=actor, now=now, cause=task.number)
    if leaves:
        _ship(task, parcel, actor=actor)


def _columns(parcel: ParcelWork, *, leaves: bool) -> dict[str, object]:
    return {
        "parcel_id": parcel.id,
        "status": str(parcel.status),
        "stage": parcel.stage,
        "milestone_at": parcel.milestone_at,
        "shipped_at": parcel.shipped_at,
        "packed_at": parcel.packed_at,
        "delivered_at": parcel.milestone_at if parcel.status == ParcelStatus.DELIVERED else None,
        "leaving": list(parcel.items) if leaves else [],
        "units": list(parcel.items.values()) if leaves else [],
    }


def moved_fact(
    work: OrderWork,
    task: TaskWork,
    parcel: ParcelWork,
    *,
    before: ParcelStatus,
    was_at: Station,
    at: datetime,
) -> Fact:
    """A parcel is at another station; its status may still be the same."""
    return facts.parcel_fact(
        EventType.PARCEL_STATUS_CHANGED,
        order=work.order,
        task=task,
        parcel=parcel,
        before=before,
        station_before=was_at,
        station=parcel.station,
        milestone_at=at,
        channel_parcel_no=parcel.channel_parcel_no,
    )


def _ship(task: TaskWork, parcel: ParcelWork, *, actor: Actor) -> None:
    """The units leave the stock. Once per parcel, whatever is reported later."""
    lines = [task.lines[line_id] for line_id in sorted(parcel.items)]
    needs = [
        StockNeed(
            sku_id=line.sku_id,
            point_id=task.point_id,
            quantity=parcel.items[line.id],
            cause=task.number,
        )
        for line in lines
    ]
    inventory.ship_stock(needs=needs, actor=actor)
