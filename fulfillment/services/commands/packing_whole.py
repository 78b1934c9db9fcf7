"""Packing all that is left of a task by one command, with or without a shipment at the carrier."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from fulfillment.carriers import registry
from fulfillment.choices import DocumentKind, DocumentStatus, ParcelStatus, TaskStatus
from fulfillment.models import Document, FulfillmentTask, Parcel, ParcelItem
from fulfillment.services import facts, label_jobs, making_papers, parcel_changes, voiding
from fulfillment.services.commands.scene import Asked, Scene, open_scene
from fulfillment.services.settling import settle
from fulfillment.services.shipment_drafts import OrderOnHold
from fulfillment.services.unit_packing import BoxPlan, collected, make_box
from fulfillment.services.work import OrderWork, ParcelWork, TaskWork
from oms.events import outbox
from oms.events.choices import EventType
from oms.events.outbox import Fact
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.orders.models import Order

_FROM = (TaskStatus.CREATED, TaskStatus.ACCEPTED, TaskStatus.PICKING, TaskStatus.PICKED)
_USABLE = (DocumentStatus.PENDING, DocumentStatus.READY)


class ParcelsTooMany(errors.InvalidInput):
    """More boxes than units, or none at all."""

    code = "parcels_too_many"


class CarrierFailed(errors.Conflict):
    """The carrier made no shipment. The task is where it was."""

    code = "carrier_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class WholePacking:
    """How a task is packed. `carrier` empty: the task's own; `weight_g`: of all boxes together."""

    with_shipment: bool
    carrier: str = ""
    parcel_count: int = 1
    weight_g: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Planned:
    """Boxes planned with a shipment: the jobs of their labels, and whether they are new."""

    parcel_ids: tuple[int, ...]
    documents: tuple[int, ...]
    is_new: bool


def pack_whole(
    *,
    task_id: int,
    packing: WholePacking,
    actor: Actor,
    now: datetime,
    asked: Asked | None = None,
) -> None:
    """Pack every unit of a task that is in no box yet: CREATED to PICKED becomes PACKED.

    With a shipment the boxes are planned first, the carrier is asked for each of them outside any
    transaction, and only when all of them have their label the task is packed; if the carrier
    fails, or somebody was quicker, it is where it was. Without one the boxes have no label.
    Raises TaskNotFound, MoveNotAllowed, OrderOnHold, ParcelsTooMany, CarrierFailed.
    """
    if packing.with_shipment:
        planned = _plan(task_id=task_id, packing=packing, actor=actor, now=now, asked=asked)
        if not _have_labels(planned, task_id=task_id, actor=actor, now=now):
            with transaction.atomic():  # perhaps because somebody took the task meanwhile
                _open(task_id=task_id, packing=packing, actor=actor, now=now, asked=asked)
            raise CarrierFailed("The carrier made no shipment")
    _pack(task_id=task_id, packing=packing, actor=actor, now=now, asked=asked)


def _open(
    *, task_id: int, packing: WholePacking, actor: Actor, now: datetime, asked: Asked | None
) -> Scene:
    scene = open_scene(task_id=task_id, actor=actor, now=now, asked=asked)
    scene.check(*_FROM)
    if scene.work.order.holds.filter(released_at__isnull=True).exists():
        raise OrderOnHold("The order is on hold", task=scene.task.number)
    if not 1 <= packing.parcel_count <= sum(_left(scene.task).values()):
        raise ParcelsTooMany("A box needs at least one unit", task=scene.task.number)
    return scene


def _left(task: TaskWork) -> dict[int, int]:
    """Units by task line that are in no box yet."""
    packed = task.packed_units()
    left = {line.id: line.live - packed.get(line.id, 0) for line in task.live_lines}
    return {line_id: units for line_id, units in left.items() if units > 0}


def _shares(left: Mapping[int, int], count: int) -> list[dict[int, int]]:
    """The units dealt out to so many boxes, none of them empty."""
    units = [line_id for line_id, quantity in left.items() for _ in range(quantity)]
    shares: list[dict[int, int]] = [{} for _ in range(count)]
    for place, line_id in enumerate(units):
        share = shares[place * count // len(units)]
        share[line_id] = share.get(line_id, 0) + 1
    return shares


def _carrier_of(task: TaskWork, packing: WholePacking) -> str:
    return packing.carrier or task.carrier or registry.PLATFORM


@retried
@transaction.atomic
def _plan(
    *, task_id: int, packing: WholePacking, actor: Actor, now: datetime, asked: Asked | None
) -> _Planned:
    """Plan the boxes and ask for their labels, unless the task came with one that will do."""
    scene = _open(task_id=task_id, packing=packing, actor=actor, now=now, asked=asked)
    work, task = scene.work, scene.task
    carrier = _carrier_of(task, packing)
    planned = [box for box in task.parcels.values() if box.status == ParcelStatus.PLANNED]
    if _will_do(planned, task, carrier, packing):
        return _as_planned([box.id for box in planned], is_new=False)
    said = voiding.void_parcels(work, task, planned, now=now) if planned else []
    boxes = [
        _plan_box(work, task, share, carrier=carrier, now=now)
        for share in _shares(_left(task), packing.parcel_count)
    ]
    for box in boxes:
        planned_fact = EventType.PARCEL_PLANNED
        said.append(facts.parcel_fact(planned_fact, order=work.order, task=task, parcel=box))
    labelled = [replace(voiding.labelled_of(work, task, box), carrier=carrier) for box in boxes]
    said += label_jobs.ask_for_labels(labelled, now=now)
    outbox.record(said, actor=actor, now=now)
    return _as_planned([box.id for box in boxes], is_new=True)


def _will_do(
    planned: Sequence[ParcelWork], task: TaskWork, carrier: str, packing: WholePacking
) -> bool:
    return (
        len(planned) == packing.parcel_count == 1
        and planned[0].label in _USABLE
        and carrier == (task.carrier or registry.PLATFORM)
        and planned[0].items == _left(task)
    )


def _as_planned(parcel_ids: Sequence[int], *, is_new: bool) -> _Planned:
    live = Document.objects.filter(parcel_id__in=parcel_ids, kind=DocumentKind.LABEL)
    documents = live.exclude(status=DocumentStatus.VOID).order_by("pk")
    return _Planned(
        parcel_ids=tuple(parcel_ids),
        documents=tuple(documents.values_list("pk", flat=True)),
        is_new=is_new,
    )


def _plan_box(
    work: OrderWork, task: TaskWork, units: Mapping[int, int], *, carrier: str, now: datetime
) -> ParcelWork:
    row = Parcel.objects.create(
        organization_id=work.order.organization_id,
        task_id=task.id,
        point_id=task.point_id,
        status=ParcelStatus.PLANNED,
        carrier=carrier,
        delivery_type=task.delivery_type,
        created_at=now,
        changed_at=now,
    )
    row.refresh_from_db(fields=["number"])
    ParcelItem.objects.bulk_create(
        ParcelItem(parcel=row, task_line_id=line_id, quantity=quantity)
        for line_id, quantity in units.items()
    )
    box = ParcelWork(
        id=row.pk,
        number=row.number,
        status=ParcelStatus.PLANNED,
        point_parcel_no=None,
        channel_parcel_no="",
        milestone_at=None,
        packed_at=None,
        shipped_at=None,
        label=None,
        items=dict(units),
    )
    task.parcels[box.id] = box
    return box


def _have_labels(planned: _Planned, *, task_id: int, actor: Actor, now: datetime) -> bool:
    """Ask the carrier, here. False after taking back what was planned, if it made no shipment."""
    made = making_papers.make_papers_now(document_ids=planned.documents, now=now)
    if all(document.status == DocumentStatus.READY for document in made):
        return True
    if planned.is_new:
        for parcel_id in planned.parcel_ids:
            with suppress(errors.DomainError):  # what it may have sold us nobody will use
                parcel_changes.void_at_carrier(parcel_id=parcel_id)
        _unplan(planned, task_id=task_id, actor=actor, now=now)
    return False


@retried
@transaction.atomic
def _unplan(planned: _Planned, *, task_id: int, actor: Actor, now: datetime) -> None:
    scene = open_scene(task_id=task_id, actor=actor, now=now, asked=None)
    boxes = [
        box
        for box in scene.task.parcels.values()
        if box.id in planned.parcel_ids and box.status == ParcelStatus.PLANNED
    ]
    if boxes:
        said: list[Fact] = voiding.void_parcels(scene.work, scene.task, boxes, now=now)
        outbox.record(said, actor=actor, now=now)


@retried
@transaction.atomic
def _pack(
    *, task_id: int, packing: WholePacking, actor: Actor, now: datetime, asked: Asked | None
) -> None:
    scene = _open(task_id=task_id, packing=packing, actor=actor, now=now, asked=asked)
    work, task = scene.work, scene.task
    order = Order.objects.select_related("buyer").get(pk=work.order.pk)
    said: list[Fact] = []
    carrier = _carrier_of(task, packing) if packing.with_shipment else registry.SELF
    if packing.with_shipment and carrier != task.carrier:
        FulfillmentTask.objects.filter(pk=task.id).update(carrier=carrier)
        task.carrier = carrier
    for units in _shares(_left(task), packing.parcel_count):
        plan = BoxPlan(
            units=units,
            carrier=carrier,
            cod=collected(order, None),
            details=_details(packing),
            is_labelled=packing.with_shipment,
        )
        said += make_box(order, work, task, plan, now=now)[1]
    settle(work, said=said, actor=actor, now=now, cause=task.number)


def _details(packing: WholePacking) -> dict[str, object]:
    if packing.weight_g is None:
        return {}
    return {"weight_kg": Decimal(packing.weight_g) / 1000 / packing.parcel_count}
