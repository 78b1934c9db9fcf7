"""Packing a task into parcels."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from channels_app.choices import DeliveryScenario
from fulfillment import lifecycle
from fulfillment.choices import DocumentStatus, ParcelStatus, TaskStatus
from fulfillment.models import Parcel, ParcelItem
from fulfillment.queries import TaskNotFound
from fulfillment.services import facts
from fulfillment.services.labels import label_facts
from fulfillment.services.settling import settle
from fulfillment.services.work import OrderWork, ParcelWork, TaskWork, lock_task
from oms.events import outbox
from oms.events.choices import EventType
from oms.kernel import errors
from oms.kernel.actors import Actor


class EmptyParcel(errors.InvalidInput):
    """A call without parcels, or a parcel without lines or without a number."""

    code = "empty_parcel"


class CarrierMissing(errors.InvalidInput):
    """The point brings the carrier, and did not say which."""

    code = "carrier_missing"


class LineNotInTask(errors.NotFound):
    """The task has no such line."""

    code = "line_not_in_task"


class LineCancelled(errors.Conflict):
    """The line was cancelled: it must not be packed."""

    code = "line_cancelled"


class LineAlreadyPacked(errors.Conflict):
    """The line is in another parcel, or twice in this call."""

    code = "line_already_packed"


class ParcelNumberTaken(errors.Conflict):
    """The point used this parcel number before, for something else."""

    code = "parcel_number_taken"


class SplitNotAllowed(errors.Conflict):
    """The task must leave in one parcel."""

    code = "split_not_allowed"


class TaskEnded(errors.Conflict):
    """The task was taken from the point; nothing of it is to be packed."""

    code = "task_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedParcel:
    """One box as the point packed it. `line_numbers` are `TaskLine.number`s."""

    point_parcel_no: str
    packed_at: datetime
    line_numbers: tuple[int, ...]
    weight_kg: Decimal | None = None
    length_cm: Decimal | None = None
    width_cm: Decimal | None = None
    height_cm: Decimal | None = None
    carrier: str = ""
    delivery_type: str = ""
    tracking_number: str = ""
    source_location: str = ""
    delivery_cost: Decimal | None = None
    carrier_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackRequest:
    """Everything a point packed of one task, in one call."""

    task_number: str
    parcels: tuple[PackedParcel, ...]
    order_external_id: str | None = None


def pack_parcels(*, request: PackRequest, actor: Actor, now: datetime) -> list[Parcel]:
    """Pack all parcels of a call or none. Returns them, in the order of the call.

    A parcel number of the point with the same lines as before is a success without effect. A
    parcel planned with its task is the one that gets packed; any other asks for its label now,
    unless the point brings the carrier. The task is PACKED once every live line is in a box.

    Raises EmptyParcel, CarrierMissing, TaskNotFound, LineNotInTask, LineCancelled,
    LineAlreadyPacked, ParcelNumberTaken, SplitNotAllowed, TaskEnded.
    """
    _check_form(request)
    try:
        with transaction.atomic():
            return _pack(request, actor=actor, now=now)
    except IntegrityError as error:
        if "fulfillment_parcel_point_no_uniq" in str(error):
            raise ParcelNumberTaken("The parcel number is in use", task=request.task_number) from error
        raise


def _pack(request: PackRequest, *, actor: Actor, now: datetime) -> list[Parcel]:
    work, task = lock_task(number=request.task_number, actor=actor)
    if request.order_external_id not in (None, work.order.external_id):
        raise TaskNotFound(f"No task {request.task_number} of that order")
    contents = {packed.point_parcel_no: _lines(packed, task) for packed in request.parcels}
    fresh = [packed for packed in request.parcels if not _is_repeated(packed, task, contents)]
    if not fresh:
        return _in_order(request, [])
    _check_carriers(fresh, task)
    _check_lines(contents, fresh, task)
    _check_split(fresh, task)
    parcels, said = _write(work, task, fresh, contents, now=now)
    settle(work, said=said, actor=actor, now=now, cause=task.number)
    return _in_order(request, parcels)


def _check_form(request: PackRequest) -> None:
    if not request.parcels:
        raise EmptyParcel("At least one parcel is needed")
    for packed in request.parcels:
        if not packed.point_parcel_no or not packed.line_numbers:
            raise EmptyParcel("A parcel needs a number and at least one line")
    counts = Counter(packed.point_parcel_no for packed in request.parcels)
    if repeated := sorted(number for number, count in counts.items() if count > 1):
        raise ParcelNumberTaken("A parcel number may appear once per call", parcels=repeated)


def _check_carriers(fresh: Sequence[PackedParcel], task: TaskWork) -> None:
    if task.delivery != DeliveryScenario.OWN_CARRIER:
        return
    for packed in fresh:
        if not packed.carrier:
            raise CarrierMissing("Name the carrier", parcel=packed.point_parcel_no)


def _lines(packed: PackedParcel, task: TaskWork) -> frozenset[int]:
    """Keys of the task lines a parcel names. Raises LineNotInTask."""
    by_number = {line.number: line.id for line in task.lines.values()}
    if unknown := sorted(set(packed.line_numbers) - set(by_number)):
        raise LineNotInTask("The task has no such line", lines=unknown, task=task.number)
    return frozenset(by_number[number] for number in packed.line_numbers)


def _is_repeated(
    packed: PackedParcel, task: TaskWork, contents: dict[str, frozenset[int]]
) -> bool:
    """Whether the task has this very parcel already. Raises ParcelNumberTaken."""
    for parcel in task.parcels.values():
        if parcel.point_parcel_no == packed.point_parcel_no:
            if parcel.items.keys() == contents[packed.point_parcel_no]:
                return True
            raise ParcelNumberTaken(
                "The parcel was packed with other lines", parcel=packed.point_parcel_no
            )
    return False


def _check_lines(
    contents: dict[str, frozenset[int]], fresh: Sequence[PackedParcel], task: TaskWork
) -> None:
    taken = {line_id for box in task.boxes() if box.point_parcel_no for line_id in box.items}
    for packed in fresh:
        for line in sorted(contents[packed.point_parcel_no]):
            number = task.lines[line].number
            if not task.lines[line].live:
                raise LineCancelled(f"Line {number} was cancelled", line=number)
            if line in taken:
                raise LineAlreadyPacked(f"Line {number} is in another parcel", line=number)
            taken.add(line)
    if task.stored == TaskStatus.CANCELLED:
        raise TaskEnded("The task was cancelled", task=task.number)


def _check_split(fresh: Sequence[PackedParcel], task: TaskWork) -> None:
    named = sum(1 for box in task.boxes() if box.point_parcel_no)
    if not task.allow_split and named + len(fresh) > 1:
        raise SplitNotAllowed("The task must leave in one parcel", task=task.number)


def _write(
    work: OrderWork,
    task: TaskWork,
    fresh: Sequence[PackedParcel],
    contents: dict[str, frozenset[int]],
    *,
    now: datetime,
) -> tuple[list[Parcel], list[outbox.Fact]]:
    """Name the planned parcel, make the others, and say so."""
    planned = next((p for p in task.parcels.values() if p.point_parcel_no is None), None)
    made, named = list(fresh), []
    if planned is not None:
        packed = made.pop(0)
        named.append(_name(task, planned, packed, contents[packed.point_parcel_no], now=now))
    said = _packed_facts(work, task, [planned] if planned else [])
    if not made:
        return named, said
    parcels = _make(work, task, made, contents, now=now)
    boxes = [task.parcels[parcel.pk] for parcel in parcels]
    said += _packed_facts(work, task, boxes)
    if task.delivery != DeliveryScenario.OWN_CARRIER:
        said += label_facts(work, task, parcels, now=now)
    return [*named, *parcels], said


def _name(
    task: TaskWork,
    planned: ParcelWork,
    packed: PackedParcel,
    lines: frozenset[int],
    *,
    now: datetime,
) -> Parcel:
    """Pack the parcel that came with the task. One that was seen travelling only gets its name."""
    if planned.has_left and planned.items.keys() != lines:
        raise LineAlreadyPacked("The parcel left with other lines", parcel=packed.point_parcel_no)
    if dropped := planned.items.keys() - lines:
        ParcelItem.objects.filter(parcel_id=planned.id, task_line_id__in=dropped).delete()
    parcel = Parcel.objects.get(pk=planned.id)
    planned.items = {line_id: task.lines[line_id].live for line_id in lines}
    planned.point_parcel_no = packed.point_parcel_no
    if planned.status == ParcelStatus.PLANNED:
        has_label = planned.label == DocumentStatus.READY
        target = ParcelStatus.LABELLED if has_label else ParcelStatus.PACKED
        lifecycle.check_parcel(source=planned.status, target=target)
        planned.status = target
    planned.packed_at = packed.packed_at
    parcel.status = planned.status
    _describe(parcel, packed, now=now)
    parcel.save(update_fields=[*_DESCRIBED, "status"])
    return parcel


def _make(
    work: OrderWork,
    task: TaskWork,
    made: Sequence[PackedParcel],
    contents: dict[str, frozenset[int]],
    *,
    now: datetime,
) -> list[Parcel]:
    parcels = []
    for packed in made:
        parcel = Parcel(
            organization_id=work.order.organization_id,
            task_id=task.id,
            point_id=task.point_id,
            status=ParcelStatus.PACKED,
            carrier=task.carrier,
            delivery_type=task.delivery_type,
        )
        _describe(parcel, packed, now=now)
        parcels.append(parcel)
    parcels = Parcel.objects.bulk_create(parcels)
    for packed, parcel in zip(made, parcels, strict=True):
        task.parcels[parcel.pk] = ParcelWork(
            id=parcel.pk,
            number=parcel.number,
            status=ParcelStatus.PACKED,
            point_parcel_no=packed.point_parcel_no,
            channel_parcel_no="",
            milestone_at=None,
            packed_at=packed.packed_at,
            shipped_at=None,
            label=None,
            items={line: task.lines[line].live for line in contents[packed.point_parcel_no]},
        )
    ParcelItem.objects.bulk_create(
        ParcelItem(parcel=parcel, task_line_id=line, quantity=quantity)
        for parcel in parcels
        for line, quantity in sorted(task.parcels[parcel.pk].items.items())
    )
    return parcels


_MEASURES = (
    "packed_at",
    "weight_kg",
    "length_cm",
    "width_cm",
    "height_cm",
    "source_location",
    "delivery_cost",
    "point_parcel_no",
)
_CARRIED = ("carrier", "delivery_type", "tracking_number")
_DESCRIBED = (*_MEASURES, *_CARRIED, "changed_at")


def _describe(parcel: Parcel, packed: PackedParcel, *, now: datetime) -> None:
    """Copy what the point said. What it left out about the carrier stays as it was."""
    for name in _MEASURES:
        setattr(parcel, name, getattr(packed, name))
    for name in _CARRIED:
        setattr(parcel, name, getattr(packed, name) or getattr(parcel, name) or "")
    parcel.changed_at = now


def _packed_facts(
    work: OrderWork, task: TaskWork, boxes: Sequence[ParcelWork]
) -> list[outbox.Fact]:
    said = []
    for box in boxes:
        fact = facts.parcel_fact(
            EventType.PARCEL_PACKED,
            order=work.order,
            task=task,
            parcel=box,
            packed_at=box.packed_at,
        )
        said.append(fact)
        if box.status == ParcelStatus.LABELLED:
            labelled = EventType.PARCEL_LABELLED
            said.append(facts.parcel_fact(labelled, order=work.order, task=task, parcel=box))
    return said


def _in_order(request: PackRequest, parcels: Sequence[Parcel]) -> list[Parcel]:
    """The parcels of the call, packed now or before."""
    by_number = {parcel.point_parcel_no: parcel for parcel in parcels}
    wanted = [packed.point_parcel_no for packed in request.parcels]
    if missing := [number for number in wanted if number not in by_number]:
        before = Parcel.objects.filter(
            task__number=request.task_number, point_parcel_no__in=missing
        )
        by_number |= {parcel.point_parcel_no: parcel for parcel in before}
    return [by_number[number] for number in wanted]
