"""What carriers say of parcels when they are asked: moves that were not told by anybody yet."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from fulfillment.carriers.base import Journey
from fulfillment.choices import ParcelStatus, ReportSource, Station, TaskStatus
from fulfillment.models import Parcel
from fulfillment.services import milestones, stations
from fulfillment.services.commands.scene import open_scene
from fulfillment.services.milestones import MilestoneReport
from fulfillment.services.stations import StationReport
from oms.kernel.actors import Actor
from oms.kernel.contention import retried

TOLD = "Told by the carrier"
_ENDS = frozenset({ParcelStatus.DELIVERED, ParcelStatus.RETURNED_TO_POINT, ParcelStatus.LOST})
# Where the task stands once its box was not taken; from which states.
_UNDELIVERED = {
    Journey.ATTEMPTED: (TaskStatus.ATTEMPTED, frozenset({TaskStatus.SHIPPED})),
    Journey.RETURNED: (
        TaskStatus.DELIVERY_FAILED,
        frozenset({TaskStatus.SHIPPED, TaskStatus.ATTEMPTED}),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierNews:
    """How far a parcel is by its carrier. `occurred_at` None: the carrier did not say when."""

    parcel_id: int
    journey: Journey
    occurred_at: datetime | None = None


def take_carrier_news(*, news: CarrierNews, actor: Actor, now: datetime) -> None:
    """Bring a parcel, and its task, where its carrier says it is. Nothing goes back by it.

    A parcel that is there already, has arrived or is lost stays as it is; WAITING and DELETED move
    nothing. Each step is a transaction of its own, and told again it does what is missing. An
    instant before what was reported of the parcel, or after `now`, is taken for the nearest one.
    Raises ParcelNotFound, milestones.ParcelVoided, lifecycle.StationRefused.
    """
    parcel = Parcel.objects.get(pk=news.parcel_id)
    if parcel.status in _ENDS or news.journey in {Journey.WAITING, Journey.DELETED}:
        return
    at = _instant(parcel, news, now=now)
    if news.journey == Journey.DELIVERED:
        _report(parcel, ParcelStatus.DELIVERED, at=at, actor=actor, now=now)
        return
    if not parcel.has_left:
        _report(parcel, ParcelStatus.SHIPPED, at=at, actor=actor, now=now)
    if news.journey in _UNDELIVERED:
        _fail_delivery(parcel, news.journey, at=at, actor=actor, now=now)


def _instant(parcel: Parcel, news: CarrierNews, *, now: datetime) -> datetime:
    """Of a parcel's reports the newest by its own time decides, so ours is never before them."""
    said = min(news.occurred_at or now, now)
    known = [told for told in (parcel.milestone_at, parcel.packed_at) if told is not None]
    return max([said, *known])


def _report(
    parcel: Parcel, milestone: ParcelStatus, *, at: datetime, actor: Actor, now: datetime
) -> None:
    report = MilestoneReport(
        milestone=milestone, occurred_at=at, description=TOLD, parcel_id=parcel.pk
    )
    milestones.report_milestone(report=report, actor=actor, now=now)


def _fail_delivery(
    parcel: Parcel, journey: Journey, *, at: datetime, actor: Actor, now: datetime
) -> None:
    if parcel.stage not in {Station.DELIVERY_FAILED, Station.RETURNING}:
        report = StationReport(
            parcel_id=parcel.pk,
            station=Station.DELIVERY_FAILED,
            occurred_at=at,
            description=TOLD,
            source=ReportSource.CARRIER,
        )
        stations.report_station(report=report, actor=actor, now=now)
    _mark(parcel.task_id, journey, actor=actor, now=now)


@retried
@transaction.atomic
def _mark(task_id: int, journey: Journey, *, actor: Actor, now: datetime) -> None:
    """Have the task say so, from where it can."""
    target, sources = _UNDELIVERED[journey]
    scene = open_scene(task_id=task_id, actor=actor, now=now, asked=None)
    if scene.task.stored in sources:
        scene.move(target)
