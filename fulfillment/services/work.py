"""One order's tasks, lines and parcels, loaded at once under the order's lock.

Every write in this package takes the order's row first: that serializes all that may happen to
its tasks, parcels and cancellations, so their own rows need no lock. Packing and milestones are
hot, so the whole picture comes with one prepared statement instead of one per table.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fulfillment import lifecycle
from fulfillment.choices import ParcelStatus, Station, TaskStatus
from fulfillment.queries import ParcelNotFound, TaskNotFound
from oms.inventory.services import StockNeed
from oms.kernel import sql
from oms.kernel.actors import Actor
from oms.orders.models import Order
from oms.orders.services import LineProgress

_LOAD = """
SELECT t.id AS task_id, t.number AS task_number, t.status AS task_status, t.point_id,
       t.is_reserved, t.blocked_from, t.held_reason,
       t.channel_id, t.delivery, t.allow_split, t.carrier, t.delivery_type, t.received_at,
       t.shipped_at AS task_shipped_at, t.packed_at AS task_packed_at,
       l.id AS line_id, l.number AS line_number, l.order_line_id, l.sku_id, l.quantity,
       l.quantity_cancelled, l.quantity_shipped, l.source_point_id, l.is_in_transit,
       p.id AS parcel_id, p.number AS parcel_number, p.status AS parcel_status, p.stage,
       p.point_parcel_no, p.channel_parcel_no, p.milestone_at, p.shipped_at, p.packed_at,
       i.quantity AS item_quantity,
       (SELECT max(d.status) FROM fulfillment_document d
        WHERE d.parcel_id = p.id AND d.kind = 'LABEL' AND d.status <> 'VOID') AS label
FROM fulfillment_fulfillmenttask t
JOIN fulfillment_taskline l ON l.task_id = t.id
LEFT JOIN (fulfillment_parcelitem i
           JOIN fulfillment_parcel p ON p.id = i.parcel_id AND p.status <> 'CANCELLED')
       ON i.task_line_id = l.id
WHERE t.order_id = %(order_id)s
ORDER BY t.id, l.id, p.id
"""


# What progress and facts need of an order; anything else is read when somebody asks for it.
_ORDER = (
    "id",
    "public_id",
    "organization_id",
    "channel_id",
    "external_id",
    "status",
    "is_paid",
    "allocation_tried_at",
    "allocation_due_at",
    "waiting_for",
    "changed_at",
)
_LOCK = """
SELECT o.id, o.public_id, o.organization_id, o.channel_id, o.external_id, o.status, o.is_paid,
       o.allocation_tried_at, o.allocation_due_at, o.waiting_for, o.changed_at, t.id, {parcel}
FROM {source} JOIN orders_order o ON o.id = t.order_id
WHERE {condition} FOR UPDATE OF o
"""
_PARCELS = "fulfillment_parcel p JOIN fulfillment_fulfillmenttask t ON t.id = p.task_id"
_LOCK_TASK = _LOCK.format(
    source="fulfillment_fulfillmenttask t", parcel="NULL", condition="t.number = %(number)s"
)
_LOCK_PARCEL = _LOCK.format(source=_PARCELS, parcel="p.id", condition="p.id = %(parcel_id)s")
_LOCK_NAMED_PARCEL = _LOCK.format(
    source=_PARCELS,
    parcel="p.id",
    condition="t.number = %(number)s AND p.point_parcel_no = %(point_parcel_no)s",
)


@dataclass(slots=True, kw_only=True)
class LineWork:
    """Units of one order line at one task."""

    id: int
    number: int
    order_line_id: int
    sku_id: int
    quantity: int
    cancelled: int
    shipped: int
    source_point_id: int | None = None
    is_in_transit: bool = False

    @property
    def live(self) -> int:
        return self.quantity - self.cancelled

    @property
    def reserved(self) -> int:
        return self.quantity - self.cancelled - self.shipped


@dataclass(slots=True, kw_only=True)
class ParcelWork:
    """A parcel that is not voided, with units by task line."""

    id: int
    number: int
    status: ParcelStatus
    point_parcel_no: str | None
    channel_parcel_no: str
    milestone_at: datetime | None
    packed_at: datetime | None
    shipped_at: datetime | None
    label: str | None
    stage: str = ""
    items: dict[int, int] = field(default_factory=dict)

    @property
    def station(self) -> Station:
        return lifecycle.station_of(status=self.status, stage=self.stage, label=self.label)

    @property
    def is_packed(self) -> bool:
        return lifecycle.is_packed(self.status)

    @property
    def has_left(self) -> bool:
        return self.shipped_at is not None


@dataclass(slots=True, kw_only=True)
class TaskWork:
    """A task as it is stored (`stored`) and as the present change wants it (`status`)."""

    id: int
    number: str
    stored: TaskStatus
    status: TaskStatus
    point_id: int
    channel_id: int
    delivery: str
    allow_split: bool
    carrier: str
    delivery_type: str
    received_at: datetime | None
    packed_at: datetime | None
    shipped_at: datetime | None
    is_reserved: bool = True
    blocked_from: str = ""
    held_reason: str = ""
    told: dict[str, object] = field(default_factory=dict)  # what its events say besides
    lines: dict[int, LineWork] = field(default_factory=dict)
    parcels: dict[int, ParcelWork] = field(default_factory=dict)

    def is_visible_to(self, order: Order, actor: Actor) -> bool:
        """The rule of `TaskQuerySet.visible_to`, for a task at hand."""
        return (
            actor.organization_id in (None, order.organization_id)
            and (actor.point_ids is None or (self.is_told and self.point_id in actor.point_ids))
            and (actor.channel_ids is None or self.channel_id in actor.channel_ids)
        )

    @property
    def is_told(self) -> bool:
        """Whether its point's machines know of it: not of what nobody can serve."""
        return self.is_reserved or self.stored == TaskStatus.NEEDS_REPLANNING

    @property
    def is_stopped(self) -> bool:
        """Nothing is to be accepted, picked or packed of it."""
        return self.stored in lifecycle.STOPPED or not self.is_reserved

    @property
    def live_lines(self) -> list[LineWork]:
        return [line for line in self.lines.values() if line.live]

    def reservation(self, line: LineWork, *, quantity: int) -> list[StockNeed]:
        """What is reserved for units of a line that have not left: at its point, at the one they
        come from, or nowhere, where nobody could serve them or they travel between points.
        """
        if not self.is_reserved or line.is_in_transit or not quantity:
            return []
        point_id = line.source_point_id or self.point_id
        return [
            StockNeed(sku_id=line.sku_id, point_id=point_id, quantity=quantity, cause=self.number)
        ]

    @property
    def has_cancelled_lines(self) -> bool:
        return any(line.cancelled for line in self.lines.values())

    def boxes(self) -> list[ParcelWork]:
        """Parcels that exist physically."""
        return [parcel for parcel in self.parcels.values() if parcel.is_packed]

    def boxes_of(self, line_id: int) -> list[ParcelWork]:
        """Boxes with units of a line: usually one, as points pack lines whole."""
        return [box for box in self.boxes() if line_id in box.items]

    def packed_units(self) -> dict[int, int]:
        """Units in boxes, by line."""
        units: dict[int, int] = defaultdict(int)
        for box in self.boxes():
            for line_id, quantity in box.items.items():
                units[line_id] += quantity
        return units

    def derived(self) -> TaskStatus:
        """What the state is, by the lines and parcels as they are now."""
        packed = self.packed_units()
        return lifecycle.task_status(
            current=self.status,
            has_live_lines=bool(self.live_lines),
            is_fully_packed=all(packed.get(line.id, 0) >= line.live for line in self.live_lines),
            parcels=[box.status for box in self.boxes()],
        )


@dataclass(slots=True, kw_only=True)
class OrderWork:
    """A locked order with all its tasks, and how far its lines had come when it was loaded."""

    order: Order
    tasks: dict[int, TaskWork]
    before: dict[int, LineProgress]

    def progress_made(self) -> dict[int, LineProgress]:
        """Lines that are further, or less far, than when the work was loaded."""
        now = progress_of(self.tasks)
        return {line: made for line, made in now.items() if made != self.before[line]}


def lock_task(*, number: str, actor: Actor) -> tuple[OrderWork, TaskWork]:
    """Lock the order of a task the actor may see, and load it. Raises TaskNotFound."""
    found = _lock(_LOCK_TASK, {"number": number}, actor=actor)
    if found is None:
        raise TaskNotFound(f"No task {number}", task=number)
    work, task, _ = found
    return work, task


def lock_parcel(
    *, parcel_id: int | None, task_number: str, point_parcel_no: str, actor: Actor
) -> tuple[OrderWork, TaskWork, ParcelWork | None]:
    """Lock the order of a parcel, by key or by its point's number in a task, and load it.

    The parcel is None when it was voided. Raises ParcelNotFound.
    """
    query = _LOCK_NAMED_PARCEL if parcel_id is None else _LOCK_PARCEL
    named = {"number": task_number, "point_parcel_no": point_parcel_no}
    found = _lock(query, named if parcel_id is None else {"parcel_id": parcel_id}, actor=actor)
    if found is None:
        raise ParcelNotFound("No such parcel", parcel=point_parcel_no)
    work, task, key = found
    return work, task, task.parcels.get(key)


def _lock(
    query: str, params: Mapping[str, object], *, actor: Actor
) -> tuple[OrderWork, TaskWork, int] | None:
    """Lock an order and load it, with the task asked for. None when the actor may not see it."""
    sql.require_transaction()
    found = sql.rows(query, dict(params))
    if not found:
        return None
    *values, task_id, parcel_id = found[0]
    work = load(Order.from_db("default", _ORDER, values))
    task = work.tasks[task_id]
    return (work, task, parcel_id) if task.is_visible_to(work.order, actor) else None


def load(order: Order) -> OrderWork:
    """Load all tasks of an order that the caller has locked."""
    sql.require_transaction()
    tasks: dict[int, TaskWork] = {}
    for row in sql.records(_LOAD, {"order_id": order.pk}):
        task = tasks.get(row["task_id"]) or tasks.setdefault(row["task_id"], _task(row))
        task.lines.setdefault(row["line_id"], _line(row))
        if row["parcel_id"] is not None:
            parcel = task.parcels.get(row["parcel_id"])
            parcel = parcel or task.parcels.setdefault(row["parcel_id"], _parcel(row))
            parcel.items[row["line_id"]] = row["item_quantity"]
    return OrderWork(order=order, tasks=tasks, before=progress_of(tasks))


def progress_of(tasks: dict[int, TaskWork]) -> dict[int, LineProgress]:
    """How far the units of each order line have come, over all tasks and boxes."""
    units: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for task in tasks.values():
        begun = task.derived() in lifecycle.TASK_BEGUN
        for line in task.lines.values():
            units[line.order_line_id]["in_progress"] += line.live if begun else 0
        for box in task.boxes():
            for line_id, quantity in box.items.items():
                _count(units[task.lines[line_id].order_line_id], box, quantity)
    return {line_id: LineProgress(**counts) for line_id, counts in units.items()}


_COUNTED_AS = {
    ParcelStatus.OUT_FOR_DELIVERY: "out_for_delivery",
    ParcelStatus.DELIVERED: "delivered",
    ParcelStatus.RETURNED_TO_POINT: "returned_to_point",
    ParcelStatus.LOST: "lost",
}


def _count(counts: dict[str, int], box: ParcelWork, quantity: int) -> None:
    counts["packed"] += quantity
    if box.has_left:
        counts["shipped"] += quantity
    if station := _COUNTED_AS.get(box.status):
        counts[station] += quantity


def _task(row: dict[str, Any]) -> TaskWork:
    status = TaskStatus(row["task_status"])
    return TaskWork(
        id=row["task_id"],
        number=row["task_number"],
        stored=status,
        status=status,
        point_id=row["point_id"],
        channel_id=row["channel_id"],
        delivery=row["delivery"],
        allow_split=row["allow_split"],
        carrier=row["carrier"],
        delivery_type=row["delivery_type"],
        received_at=row["received_at"],
        packed_at=row["task_packed_at"],
        shipped_at=row["task_shipped_at"],
        is_reserved=row["is_reserved"],
        blocked_from=row["blocked_from"],
        held_reason=row["held_reason"],
    )


def _line(row: dict[str, Any]) -> LineWork:
    return LineWork(
        id=row["line_id"],
        number=row["line_number"],
        order_line_id=row["order_line_id"],
        sku_id=row["sku_id"],
        quantity=row["quantity"],
        cancelled=row["quantity_cancelled"],
        shipped=row["quantity_shipped"],
        source_point_id=row["source_point_id"],
        is_in_transit=row["is_in_transit"],
    )


def _parcel(row: dict[str, Any]) -> ParcelWork:
    return ParcelWork(
        id=row["parcel_id"],
        number=row["parcel_number"],
        status=ParcelStatus(row["parcel_status"]),
        point_parcel_no=row["point_parcel_no"],
        channel_parcel_no=row["channel_parcel_no"],
        milestone_at=row["milestone_at"],
        packed_at=row["packed_at"],
        shipped_at=row["shipped_at"],
        label=row["label"],
        stage=row["stage"],
    )
