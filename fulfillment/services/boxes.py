"""Writing packed parcels: the planned one gets its name, others are made."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from channels_app.choices import DeliveryScenario
from fulfillment import lifecycle
from fulfillment.choices import DocumentStatus, ParcelStatus
from fulfillment.models import Parcel, ParcelItem
from fulfillment.services import facts, label_jobs
from fulfillment.services.packing_rules import LineAlreadyPacked, PackedParcel
from fulfillment.services.voiding import labelled_of
from fulfillment.services.work import OrderWork, ParcelWork, TaskWork
from oms.events.choices import EventType
from oms.events.outbox import Fact
from oms.kernel import sql

_SAID = (
    "packed_at",
    "weight_kg",
    "length_cm",
    "width_cm",
    "height_cm",
    "source_location",
    "delivery_cost",
    "point_parcel_no",
    "carrier",
    "delivery_type",
    "tracking_number",
)

# A tracking number that is on the label already stands.
_NAME = """
UPDATE fulfillment_parcel
SET packed_at = %(packed_at)s, weight_kg = %(weight_kg)s, length_cm = %(length_cm)s,
    width_cm = %(width_cm)s, height_cm = %(height_cm)s, source_location = %(source_location)s,
    delivery_cost = %(delivery_cost)s, point_parcel_no = %(point_parcel_no)s,
    carrier = coalesce(nullif(%(carrier)s, ''), carrier),
    delivery_type = coalesce(nullif(%(delivery_type)s, ''), delivery_type),
    tracking_number = coalesce(nullif(tracking_number, ''), %(tracking_number)s),
    status = %(status)s, changed_at = %(now)s
WHERE id = %(parcel_id)s
RETURNING *
"""


def write_parcels(
    work: OrderWork,
    task: TaskWork,
    fresh: Sequence[PackedParcel],
    contents: Mapping[str, frozenset[int]],
    *,
    now: datetime,
) -> tuple[list[Parcel], list[Fact]]:
    """Name the planned parcel, make the others, and say so."""
    planned = next((p for p in task.parcels.values() if p.point_parcel_no is None), None)
    made, named = list(fresh), []
    if planned is not None:
        packed = made.pop(0)
        named.append(_name(task, planned, packed, contents[packed.point_parcel_no], now=now))
    said = packed_facts(work, task, [planned] if planned else [])
    if not made:
        return named, said
    parcels = _make(work, task, made, contents, now=now)
    boxes = [task.parcels[parcel.pk] for parcel in parcels]
    said += packed_facts(work, task, boxes)
    if task.delivery != DeliveryScenario.OWN_CARRIER:
        asked = [labelled_of(work, task, box) for box in boxes]
        said += label_jobs.ask_for_labels(asked, now=now)
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
    planned.items = {line_id: task.lines[line_id].live for line_id in lines}
    planned.point_parcel_no = packed.point_parcel_no
    if planned.status == ParcelStatus.PLANNED:
        has_label = planned.label == DocumentStatus.READY
        target = ParcelStatus.LABELLED if has_label else ParcelStatus.PACKED
        lifecycle.check_parcel(source=planned.status, target=target)
        planned.status = target
    planned.packed_at = packed.packed_at
    said = {name: getattr(packed, name) for name in _SAID}
    params = {**said, "parcel_id": planned.id, "status": str(planned.status), "now": now}
    [row] = sql.records(_NAME, params)
    return Parcel.from_db("default", list(row), list(row.values()))


def _make(
    work: OrderWork,
    task: TaskWork,
    made: Sequence[PackedParcel],
    contents: Mapping[str, frozenset[int]],
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


def _describe(parcel: Parcel, packed: PackedParcel, *, now: datetime) -> None:
    """Copy what the point said; a carrier it did not name stays the task's."""
    for name in _SAID:
        if (value := getattr(packed, name)) not in (None, ""):
            setattr(parcel, name, value)
    parcel.changed_at = now


def packed_facts(work: OrderWork, task: TaskWork, boxes: Sequence[ParcelWork]) -> list[Fact]:
    """What is said of boxes just packed, also of the label that was waiting for one."""
    said = []
    for box in boxes:
        fact = facts.parcel_fact(
            EventType.PARCEL_PACKED,
            order=work.order,
            task=task,
            parcel=box,
            status=_packed_status(box),
            packed_at=box.packed_at,
        )
        said.append(fact)
        if box.status == ParcelStatus.LABELLED:
            labelled = EventType.PARCEL_LABELLED
            said.append(facts.parcel_fact(labelled, order=work.order, task=task, parcel=box))
    return said


def _packed_status(box: ParcelWork) -> ParcelStatus:
    """A parcel whose label was waiting is PACKED first and LABELLED then."""
    return ParcelStatus.PACKED if box.status == ParcelStatus.LABELLED else box.status
