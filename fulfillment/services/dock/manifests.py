"""Boxes that one carrier is to collect."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from fulfillment import lifecycle
from fulfillment.choices import ParcelStatus
from fulfillment.models import FulfillmentTask, Manifest, ManifestParcel, Parcel
from fulfillment.services.dock import scenes
from fulfillment.services.dock.scenes import Scene, Unfit, Wanted
from fulfillment.services.label_jobs import label_fact
from fulfillment.services.labels import described
from fulfillment.services.packing_rules import CarrierMissing
from oms.events import outbox
from oms.events.choices import EventType, SubjectType
from oms.events.outbox import Fact
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.locations.models import FulfillmentPoint

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestDraft:
    """Tasks (primary keys) whose packed boxes a carrier is to collect at a point."""

    point_id: int
    channel_id: int | None
    carrier: str
    task_ids: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where, for which channel, and by whom boxes are collected."""

    point: FulfillmentPoint
    channel_id: int | None
    carrier: str


@retried
@transaction.atomic
def make_manifest(*, draft: ManifestDraft, actor: Actor, now: datetime) -> Manifest:
    """Put the packed boxes of tasks on a manifest: of all of them, or nothing is done.

    A task that is packed in part comes with the boxes there are. The same tasks again, with no
    box packed since, are the manifest there is. Another carrier than the one on a label is no
    reason to refuse, but logged.

    Raises CarrierMissing, PointUnknown, NoTasksNamed, TasksUnfit.
    """
    carrier = draft.carrier.strip()
    if not carrier:
        raise CarrierMissing("Nobody is named who collects the boxes")
    wanted = Wanted(point_id=draft.point_id, channel_id=draft.channel_id, task_ids=draft.task_ids)
    scene = scenes.lock(wanted, actor=actor)
    if not scene.unfit and (known := _known(scene)):
        return known
    boxes = [box for task in scene.tasks for box in _fresh_boxes(scene, task)]
    scene.check()
    place = Place(point=scene.point, channel_id=draft.channel_id, carrier=carrier)
    return write_manifest(place, boxes, actor=actor, now=now)


def _known(scene: Scene) -> Manifest | None:
    """The newest manifest that has boxes of exactly these tasks, if nothing waits for another."""
    boxes = [box for task in scene.tasks for box in scene.boxes[task.pk]]
    if any(waits_for_manifest(box) for box in boxes):
        return None
    named = Manifest.objects.filter(entries__parcel__in=boxes).distinct()
    asked = {task.pk for task in scene.tasks}
    for manifest in named.order_by("-pk"):
        entries = manifest.entries.values_list("parcel__task_id", flat=True)
        if set(entries) == asked:
            return manifest
    return None


def waits_for_manifest(box: Parcel) -> bool:
    """Whether a box is packed, has not left, and is on no manifest."""
    return scenes.is_at_dock(box) and box.status != ParcelStatus.MANIFESTED


def _fresh_boxes(scene: Scene, task: FulfillmentTask) -> list[Parcel]:
    """The boxes of a task that can be put on a manifest; without any it is noted as unfit."""
    boxes = scene.boxes[task.pk]
    fresh = [box for box in boxes if waits_for_manifest(box)]
    if not boxes:
        scene.refuse(task, scenes.why_no_box(task))
    elif not fresh:
        at_dock = any(scenes.is_at_dock(box) for box in boxes)
        scene.refuse(task, Unfit.MANIFESTED if at_dock else Unfit.LEFT)
    elif scene.is_held(task):
        scene.refuse(task, Unfit.ON_HOLD)
    return fresh


def write_manifest(
    place: Place, boxes: Sequence[Parcel], *, actor: Actor, now: datetime
) -> Manifest:
    """Store a manifest of boxes whose orders are locked and that wait for one, and say so."""
    for box in boxes:
        lifecycle.check_parcel(source=box.status, target=ParcelStatus.MANIFESTED)
    [manifest] = Manifest.objects.bulk_create(
        [
            Manifest(
                organization_id=place.point.organization_id,
                point=place.point,
                channel_id=place.channel_id,
                carrier=place.carrier,
                created_at=now,
                created_by=str(actor)[:160],
            )
        ]
    )
    ManifestParcel.objects.bulk_create(
        ManifestParcel(manifest=manifest, parcel=box) for box in boxes
    )
    Parcel.objects.filter(pk__in=[box.pk for box in boxes]).update(
        status=ParcelStatus.MANIFESTED, changed_at=now
    )
    outbox.record(_said(manifest, boxes), actor=actor, now=now)
    _log_other_carriers(manifest, boxes)
    return manifest


def _said(manifest: Manifest, boxes: Collection[Parcel]) -> list[Fact]:
    made = Fact(
        organization_id=manifest.organization_id,
        type=EventType.MANIFEST_CREATED,
        subject_type=SubjectType.MANIFEST,
        subject_id=manifest.pk,
        channel_id=manifest.channel_id,
        point_id=manifest.point_id,
        data={
            "manifest": manifest.number,
            "carrier": manifest.carrier,
            "parcels": len(boxes),
            "point_id": manifest.point_id,
        },
    )
    listed = [
        label_fact(EventType.PARCEL_MANIFESTED, parcel, manifest=manifest.number)
        for parcel in described(list(boxes))
    ]
    return [*listed, made]


def _log_other_carriers(manifest: Manifest, boxes: Sequence[Parcel]) -> None:
    for box in boxes:
        if box.carrier and box.carrier.casefold() != manifest.carrier.casefold():
            logger.warning(
                "%s is collected by %s; parcel %s is labelled for %s",
                manifest.number,
                manifest.carrier,
                box.number,
                box.carrier,
            )
