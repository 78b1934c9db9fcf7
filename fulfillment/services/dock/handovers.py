"""Boxes that a carrier takes away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from fulfillment import lifecycle, queries
from fulfillment.choices import ReportSource
from fulfillment.models import (
    FulfillmentTask,
    Handover,
    HandoverParcel,
    Parcel,
    StoredContent,
)
from fulfillment.services.contents import check_document, store_content
from fulfillment.services.dock import scenes
from fulfillment.services.dock.manifests import Place, waits_for_manifest, write_manifest
from fulfillment.services.dock.scenes import Scene, Unfit, Wanted
from fulfillment.services.packing_rules import CarrierMissing
from fulfillment.services.stations import StationReport, report_station
from oms.events import outbox
from oms.events.choices import EventType, SubjectType
from oms.events.outbox import Fact
from oms.kernel import errors, sealed
from oms.kernel.actors import Actor
from oms.kernel.contention import retried


class HandoverNotFound(errors.NotFound):
    """There is no such hand-over, or not for this actor."""

    code = "handover_not_found"


class HandoverSigned(errors.Conflict):
    """Another signed paper is on file; it is evidence, so it is not replaced."""

    code = "handover_signed"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverDraft:
    """Tasks (primary keys) whose boxes a carrier took at a point, and what the driver brought."""

    point_id: int
    channel_id: int | None
    carrier: str
    task_ids: Sequence[int]
    vehicle_number: str = ""
    remarks: str = ""
    lr_number: str = ""
    eway_bill: str = ""


@retried
@transaction.atomic
def hand_over(*, draft: HandoverDraft, actor: Actor, now: datetime) -> Handover:
    """The carrier has the boxes of tasks: of all of them, or nothing is done.

    Boxes on no manifest are put on one first, and each box is reported as picked up, with all that
    follows from it. A label that is still to be made is not needed any more. A task that is packed
    in part goes with the boxes there are. Boxes that have left already are only named again; when
    all have, the first hand-over that names them all is the answer, and nothing happens.

    Raises CarrierMissing, PointUnknown, NoTasksNamed, TasksUnfit.
    """
    carrier = draft.carrier.strip()
    if not carrier:
        raise CarrierMissing("Nobody is named who takes the boxes")
    wanted = Wanted(point_id=draft.point_id, channel_id=draft.channel_id, task_ids=draft.task_ids)
    scene = scenes.lock(wanted, actor=actor)
    for task in scene.tasks:
        _check(scene, task)
    scene.check()
    boxes = [box for task in scene.tasks for box in scene.boxes[task.pk]]
    leaving = [box for box in boxes if scenes.is_at_dock(box)]
    if not leaving and (known := _known(boxes)):
        return known
    if fresh := [box for box in leaving if waits_for_manifest(box)]:
        place = Place(point=scene.point, channel_id=draft.channel_id, carrier=carrier)
        write_manifest(place, fresh, actor=actor, now=now)
    _take_away(leaving, actor=actor, now=now)
    return _write(draft, scene, boxes, actor=actor, now=now)


def _check(scene: Scene, task: FulfillmentTask) -> None:
    """Note a task as unfit that has no box, or is on hold with boxes that have not left."""
    boxes = scene.boxes[task.pk]
    if not boxes:
        scene.refuse(task, scenes.why_no_box(task))
    elif scene.is_held(task) and any(scenes.is_at_dock(box) for box in boxes):
        scene.refuse(task, Unfit.ON_HOLD)


def _known(boxes: Sequence[Parcel]) -> Handover | None:
    """The first hand-over that names all these boxes."""
    asked = {box.pk for box in boxes}
    named = Handover.objects.filter(entries__parcel__in=asked).distinct()
    for handover in named.order_by("pk"):
        if asked <= set(handover.entries.values_list("parcel_id", flat=True)):
            return handover
    return None


def _take_away(boxes: Sequence[Parcel], *, actor: Actor, now: datetime) -> None:
    """Report each box as picked up, by the clock here or that of who reported of it last."""
    found = queries.labels_feed(actor=actor).filter(pk__in=[box.pk for box in boxes])
    for box in found.order_by("pk"):
        told = box.milestones.exclude(milestone="").aggregate(at=Max("occurred_at"))["at"]
        at = now if told is None else max(now, told)
        station = queries.station_of(box)
        while target := lifecycle.WAY_OUT.get(station):
            report = StationReport(
                parcel_id=box.pk,
                station=target,
                occurred_at=at,
                source=ReportSource.WAREHOUSE,
                description="Handed over to the carrier",
            )
            station = report_station(report=report, actor=actor, now=now).station


def _write(
    draft: HandoverDraft,
    scene: Scene,
    boxes: Sequence[Parcel],
    *,
    actor: Actor,
    now: datetime,
) -> Handover:
    row = Handover(
        organization_id=scene.point.organization_id,
        point=scene.point,
        channel_id=draft.channel_id,
        carrier=draft.carrier.strip(),
        vehicle_number=draft.vehicle_number,
        remarks=draft.remarks,
        lr_number=draft.lr_number,
        handed_over_at=now,
        created_by=str(actor)[:160],
    )
    if draft.eway_bill:
        sealed.write(row, "eway_bill", draft.eway_bill)
    [handover] = Handover.objects.bulk_create([row])
    HandoverParcel.objects.bulk_create(
        HandoverParcel(handover=handover, parcel=box, is_taken=scenes.is_at_dock(box))
        for box in boxes
    )
    taken = sum(scenes.is_at_dock(box) for box in boxes)
    outbox.record(
        [_fact(EventType.HANDOVER_COMPLETED, handover, carrier=handover.carrier, parcels=taken)],
        actor=actor,
        now=now,
    )
    return handover


@retried
def file_signed_paper(*, handover_id: int, content: bytes, actor: Actor, now: datetime) -> Handover:
    """Keep the paper the driver signed: a PDF, PNG or JPEG. The same bytes again change nothing.

    Raises HandoverNotFound, HandoverSigned, DocumentTooLarge, DocumentKindUnknown.
    """
    media_type = check_document(content)
    seen = Handover.objects.visible_to(actor).filter(pk=handover_id)
    if not seen.exists():
        raise HandoverNotFound("No such hand-over")
    stored = store_content(content, media_type=media_type)
    with transaction.atomic():
        handover = seen.select_for_update(of=("self",)).get()
        if handover.signed_content_id == stored.sha256:
            return handover
        if handover.signed_content_id is not None:
            raise HandoverSigned("A signed paper is on file", handover=handover.number)
        row = StoredContent(
            sha256=stored.sha256, media_type=stored.media_type, size=stored.size, file=stored.name
        )
        StoredContent.objects.bulk_create([row], ignore_conflicts=True)
        handover.signed_content_id, handover.signed_at = stored.sha256, now
        handover.save(update_fields=["signed_content", "signed_at"])
        outbox.record([_fact(EventType.HANDOVER_SIGNED, handover)], actor=actor, now=now)
    return handover


def _fact(event_type: EventType, handover: Handover, **data: object) -> Fact:
    return Fact(
        organization_id=handover.organization_id,
        type=event_type,
        subject_type=SubjectType.HANDOVER,
        subject_id=handover.pk,
        channel_id=handover.channel_id,
        point_id=handover.point_id,
        data={"handover": handover.number, "point_id": handover.point_id, **data},
    )
