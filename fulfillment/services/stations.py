"""Updates of where a parcel is, told in order: what does not follow the table is refused."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from fulfillment import lifecycle
from fulfillment.choices import DocumentKind, DocumentStatus, ReportSource, Station
from fulfillment.models import Document, Parcel, ParcelMilestone
from fulfillment.services import label_jobs, labels, parcel_changes
from fulfillment.services.milestones import Move, move_parcel, moved_fact
from fulfillment.services.settling import settle
from fulfillment.services.voiding import labelled_of, void_parcels
from fulfillment.services.work import OrderWork, ParcelWork, TaskWork, lock_parcel
from oms.events.choices import EventType
from oms.events.outbox import Fact
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.kernel.identifiers import uuid7

AHEAD = timedelta(minutes=5)  # by which a reporter's clock may be wrong


class ReportedAhead(errors.InvalidInput):
    """An update says when it will have happened."""

    code = "reported_ahead"


@dataclass(frozen=True, slots=True, kw_only=True)
class StationReport:
    """Where somebody saw a parcel (by key). `source_event_id` tells that a report is a repeat."""

    parcel_id: int
    station: Station
    occurred_at: datetime
    description: str = ""
    source: ReportSource = ReportSource.WAREHOUSE
    source_event_id: str = ""
    location_text: str = ""
    proof_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What became of a report. `is_new` is off when it was there under the reporter's id."""

    milestone: ParcelMilestone
    is_new: bool
    station: Station


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """A parcel that is not void, under its order's lock, and who reports about it when."""

    work: OrderWork
    task: TaskWork
    box: ParcelWork
    report: StationReport
    actor: Actor
    now: datetime


@retried
def report_station(*, report: StationReport, actor: Actor, now: datetime) -> Reported:
    """Keep a report, and move the parcel there if it is news and the table has it.

    The newest report by its own time decides: an older one, and one that says where the parcel is
    already, are only kept. A report under a known `source_event_id` is not kept again. A label is
    voided at its carrier before the parcel is.

    Raises ReportedAhead, ParcelNotFound, lifecycle.StationRefused, parcel_changes.CarrierRefused,
    parcel_changes.CarrierUnavailable.
    """
    if report.occurred_at > now + AHEAD:
        raise ReportedAhead("It has not happened yet")
    if report.station == Station.CANCELLED:
        _void_first(report, actor=actor)
    with transaction.atomic():
        return _take(report, actor=actor, now=now)


def _void_first(report: StationReport, *, actor: Actor) -> None:
    """Ask the carrier to take the label back, if this report would void the parcel."""
    with transaction.atomic():
        _, _, box = _locked(report, actor=actor)
        moves = box is not None and _first(report) is None and _is_news(report, box.station)
        if box is not None and moves:
            lifecycle.check_station(source=box.station, target=Station.CANCELLED)
    if moves:
        parcel_changes.void_at_carrier(parcel_id=report.parcel_id)


def _locked(
    report: StationReport, *, actor: Actor
) -> tuple[OrderWork, TaskWork, ParcelWork | None]:
    return lock_parcel(parcel_id=report.parcel_id, task_number="", point_parcel_no="", actor=actor)


def _take(report: StationReport, *, actor: Actor, now: datetime) -> Reported:
    work, task, box = _locked(report, actor=actor)
    station = box.station if box else Station.CANCELLED
    if first := _first(report):
        return Reported(milestone=first, is_new=False, station=station)
    moves = _is_news(report, station)
    if moves:
        lifecycle.check_station(source=station, target=report.station)
    kept = _keep(report, was_applied=moves, actor=actor, now=now)
    if moves and box is not None:
        scene = _Scene(work=work, task=task, box=box, report=report, actor=actor, now=now)
        _apply(scene)
        station = report.station
    return Reported(milestone=kept, is_new=True, station=station)


def _first(report: StationReport) -> ParcelMilestone | None:
    """What was kept under the reporter's id before."""
    if not report.source_event_id:
        return None
    known = ParcelMilestone.objects.filter(parcel_id=report.parcel_id)
    return known.filter(source_event_id=report.source_event_id).first()


def _is_news(report: StationReport, station: Station) -> bool:
    if report.station == station:
        return False
    told = ParcelMilestone.objects.filter(parcel_id=report.parcel_id).exclude(milestone="")
    newest = told.aggregate(at=Max("occurred_at"))["at"]
    return newest is None or report.occurred_at >= newest


def _keep(
    report: StationReport, *, was_applied: bool, actor: Actor, now: datetime
) -> ParcelMilestone:
    public_id = uuid7()
    return ParcelMilestone.objects.create(
        public_id=public_id,
        parcel_id=report.parcel_id,
        milestone=report.station,
        description=report.description,
        occurred_at=report.occurred_at,
        recorded_at=now,
        actor=str(actor)[:160],
        source=report.source,
        source_event_id=report.source_event_id,
        report_key=str(public_id),
        location_text=report.location_text,
        proof_url=report.proof_url,
        was_applied=was_applied,
    )


def _apply(scene: _Scene) -> None:
    station = scene.report.station
    if station in lifecycle.STATUS_AT:
        target = lifecycle.STATUS_AT[station]
        move = Move(target=target, station=station, at=scene.report.occurred_at)
        move_parcel(scene.work, scene.task, scene.box, move, actor=scene.actor, now=scene.now)
        return
    said = _AT_THE_POINT[station](scene)
    settle(scene.work, said=said, actor=scene.actor, now=scene.now, cause=scene.task.number)


def _stand(scene: _Scene, *, stage: str) -> list[Fact]:
    """Another station before leaving. Returns that the parcel is there."""
    box, was_at = scene.box, scene.box.station
    box.stage = stage
    Parcel.objects.filter(pk=box.id).update(stage=stage, changed_at=scene.now)
    return [_moved(scene, was_at)]


def _moved(scene: _Scene, was_at: Station) -> Fact:
    return moved_fact(
        scene.work,
        scene.task,
        scene.box,
        before=scene.box.status,
        was_at=was_at,
        at=scene.report.occurred_at,
    )


def _miss_pickup(scene: _Scene) -> list[Fact]:
    return _stand(scene, stage=str(Station.PICKUP_FAILED))


def _be_ready(scene: _Scene) -> list[Fact]:
    """After a missed pickup; or with a label from elsewhere, so ours is not needed."""
    was_at, said = scene.box.station, list[Fact]()
    if was_at != Station.PICKUP_FAILED:
        labelled = labelled_of(scene.work, scene.task, scene.box)
        said = label_jobs.void_labels_of([labelled], now=scene.now)
        scene.box.label = None
    scene.box.stage = ""
    Parcel.objects.filter(pk=scene.box.id).update(stage="", changed_at=scene.now)
    return [*said, _moved(scene, was_at)]


def _ask_label(scene: _Scene) -> list[Fact]:
    """Once more, after it failed."""
    was_at = scene.box.station
    failed = _label(scene, DocumentStatus.FAILED)
    said = [labels.try_again(label, now=scene.now) for label in failed]
    scene.box.label = DocumentStatus.PENDING
    return [*said, _moved(scene, was_at)]


def _fail_label(scene: _Scene) -> list[Fact]:
    """Somebody knows that there will be none."""
    was_at, said = scene.box.station, list[Fact]()
    for label in _label(scene, DocumentStatus.PENDING):
        Document.objects.filter(pk=label.pk).update(
            status=DocumentStatus.FAILED,
            last_error=scene.report.description[:500],
            error_code="",
            changed_at=scene.now,
        )
        failed = label_jobs.label_fact(
            EventType.LABEL_FAILED,
            labelled_of(scene.work, scene.task, scene.box),
            document_id=label.pk,
            reference=label.reference,
            attempts=label.attempts,
        )
        said.append(failed)
    Parcel.objects.filter(pk=scene.box.id).update(changed_at=scene.now)
    scene.box.label = DocumentStatus.FAILED
    return [*said, _moved(scene, was_at)]


def _label(scene: _Scene, status: DocumentStatus) -> list[Document]:
    labels_of = Document.objects.filter(parcel_id=scene.box.id, kind=DocumentKind.LABEL)
    return list(labels_of.filter(status=status).select_related("parcel__task").order_by("pk"))


def _cancel(scene: _Scene) -> list[Fact]:
    return void_parcels(scene.work, scene.task, [scene.box], now=scene.now)


_AT_THE_POINT = {
    Station.PICKUP_FAILED: _miss_pickup,
    Station.READY: _be_ready,
    Station.LABEL_PENDING: _ask_label,
    Station.LABEL_FAILED: _fail_label,
    Station.CANCELLED: _cancel,
}
