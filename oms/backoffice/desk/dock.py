"""What waits at the dock: parcels by carrier, manifests, and what left today."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from fulfillment.choices import ParcelStatus, TaskStatus
from fulfillment.models import FulfillmentTask, Handover, Manifest, Parcel
from oms.backoffice.desk.work import Work
from oms.locations import queries as locations

MOST = 500  # tasks of a carrier; what is more comes when these have left
_RECENT = 20
_READY = (ParcelStatus.PACKED, ParcelStatus.LABELLED)
NO_CARRIER = "No carrier named"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A task whose boxes wait. `codes` is every number a scanner may read on them."""

    task: FulfillmentTask
    parcels: tuple[Parcel, ...]
    is_complete: bool

    @property
    def codes(self) -> str:
        numbers = {self.task.number, self.task.order.external_id}
        for parcel in self.parcels:
            own = (str(parcel.number), parcel.point_parcel_no, parcel.channel_parcel_no)
            numbers |= {*filter(None, own), parcel.tracking_number}
        return "|".join(["", *sorted(numbers - {""}), ""])


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """Everything that waits for one carrier, and until when it counts today.

    `cut_off_at` is by the organization's clock, `until_at` the same by everybody's.
    """

    name: str
    cut_off_at: dt.datetime | None
    until_at: dt.datetime | None
    is_missed: bool
    waiting: tuple[Waiting, ...]

    @property
    def parcels(self) -> int:
        return sum(len(each.parcels) for each in self.waiting)

    @property
    def is_named(self) -> bool:
        return self.name != NO_CARRIER


def carriers(*, work: Work) -> list[Carrier]:
    """Who has parcels here, the nearest cut-off first; those without one by name."""
    groups: dict[str, list[Waiting]] = defaultdict(list)
    names: dict[str, str] = {}
    for waiting in _waiting(work):
        parcel = waiting.parcels[0]
        name = parcel.carrier or waiting.task.carrier or NO_CARRIER
        groups[name.upper()].append(waiting)
        names.setdefault(name.upper(), name)
    cut_offs = locations.cut_offs_today(point=work.point, now=work.now)
    found = [
        Carrier(
            name=names[key],
            cut_off_at=(cut_off_at := cut_offs.get(key)),
            until_at=cut_off_at - (work.now - work.real_now) if cut_off_at else None,
            is_missed=cut_off_at is not None and cut_off_at < work.now,
            waiting=tuple(rows[:MOST]),
        )
        for key, rows in groups.items()
    ]
    return sorted(found, key=_urgency)


def _urgency(carrier: Carrier) -> tuple[bool, float, str]:
    at = carrier.cut_off_at
    return at is None, at.timestamp() if at else 0.0, carrier.name.casefold()


def _waiting(work: Work) -> list[Waiting]:
    """Tasks with boxes that are on no manifest yet, longest packed first."""
    boxes = Parcel.objects.visible_to(work.actor).filter(status__in=_READY)
    rows = boxes.select_related("task__order").order_by("packed_at", "pk")
    by_task: dict[int, list[Parcel]] = defaultdict(list)
    for parcel in rows[: MOST * 4]:
        by_task[parcel.task_id].append(parcel)
    return [
        Waiting(
            task=parcels[0].task,
            parcels=tuple(parcels),
            is_complete=parcels[0].task.status == TaskStatus.PACKED,
        )
        for parcels in by_task.values()
    ]


def open_manifests(*, work: Work) -> Sequence[Manifest]:
    """Manifests with boxes that have not left, oldest first, with `left`: how many these are."""
    here = Q(entries__parcel__status=ParcelStatus.MANIFESTED)
    seen = Manifest.objects.visible_to(work.actor).annotate(left=Count("entries", filter=here))
    return list(seen.filter(left__gt=0).order_by("pk")[:MOST])


def left_today(*, work: Work) -> Sequence[Handover]:
    """Hand-overs since the point's midnight, newest first, with `taken`: how many boxes left."""
    local = work.now.astimezone(locations.clock_of(work.point))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    seen = Handover.objects.visible_to(work.actor).filter(handed_over_at__gte=midnight)
    counted = seen.annotate(taken=Count("entries", filter=Q(entries__is_taken=True)))
    return list(counted.order_by("-pk")[:_RECENT])


def tasks_on(*, manifest_id: int, work: Work) -> tuple[Manifest | None, list[int]]:
    """A manifest of this point, and the tasks of its boxes that have not left."""
    manifest = Manifest.objects.visible_to(work.actor).filter(pk=manifest_id).first()
    boxes = Parcel.objects.filter(
        manifest_entry__manifest_id=manifest_id, status=ParcelStatus.MANIFESTED
    )
    tasks = boxes.order_by("task_id").values_list("task_id", flat=True).distinct()
    return manifest, list(tasks) if manifest else []
