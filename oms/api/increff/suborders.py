"""The sub-orders that calls name: by channel, point and the channel's order number (contract 1.5).

A sub-order is a task. When an order was given to one point more than once, its name stands for the
task that has work left; else for the youngest that is not cancelled.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from fulfillment import lifecycle
from fulfillment.choices import ParcelStatus, TaskStatus
from fulfillment.models import (
    FulfillmentTask,
    Handover,
    Manifest,
    ParcelItem,
    Picklist,
    TaskLine,
)
from oms.api.increff.packing import PackLine
from oms.kernel.actors import Actor
from oms.orders.models import Hold

_DONE = frozenset({TaskStatus.PACKED, TaskStatus.READY_FOR_PICKUP, TaskStatus.SHIPPED})
_HAS_WORK = frozenset(TaskStatus) - lifecycle.TASK_ENDED - _DONE


@dataclass(frozen=True, slots=True, kw_only=True)
class SubOrder:
    """A task as a call names it: `code` is the channel's number of its order."""

    code: str
    task_id: int
    task_number: str
    status: TaskStatus
    is_held: bool

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """Which of an order's tasks at one point is meant: the highest."""
        has_work = self.status in _HAS_WORK
        age = -self.task_id if has_work else self.task_id
        return (has_work, self.status != TaskStatus.CANCELLED, age)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListHead:
    """Where a picklist is, and whose orders are on it."""

    id: int
    point_id: int
    channel_id: int | None


def named(
    *, channel_id: int, point_id: int, codes: Collection[str], actor: Actor
) -> dict[str, SubOrder]:
    """The sub-orders of these codes that the actor may see; codes without one are absent."""
    held = Hold.objects.filter(order_id=OuterRef("order_id"), released_at__isnull=True)
    tasks = (
        FulfillmentTask.objects.visible_to(actor)
        .filter(channel_id=channel_id, point_id=point_id, order__external_id__in=set(codes))
        .values_list("order__external_id", "pk", "number", "status", Exists(held))
    )
    found: dict[str, SubOrder] = {}
    for code, pk, number, status, is_held in tasks:
        task = SubOrder(
            code=code,
            task_id=pk,
            task_number=number,
            status=TaskStatus(status),
            is_held=is_held,
        )
        found[code] = max(task, found.get(code, task), key=lambda each: each.rank)
    return found


def lines_of(suborder: SubOrder) -> list[PackLine]:
    """The lines of a sub-order, in their order, with what is in boxes of each."""
    in_boxes = (
        ParcelItem.objects.filter(task_line_id=OuterRef("pk"), parcel__packed_at__isnull=False)
        .exclude(parcel__status=ParcelStatus.CANCELLED)
        .values("task_line_id")
        .annotate(units=Sum("quantity"))
        .values("units")
    )
    lines = TaskLine.objects.filter(task_id=suborder.task_id).order_by("pk")
    columns = ("pk", "sku_id", "quantity", "quantity_cancelled")
    of_set = ("order_line__parent__bundle_id", "order_line__parent_id", "order_line__per_set")
    rows = lines.values_list(*columns, *of_set, Coalesce(Subquery(in_boxes), 0))
    return [
        PackLine(
            id=pk,
            sku_id=sku_id,
            live=quantity - cancelled,
            packed=packed,
            bundle_id=bundle_id,
            set_id=set_id,
            per_set=per_set or 1,
        )
        for pk, sku_id, quantity, cancelled, bundle_id, set_id, per_set, packed in rows
    ]


def picklist(*, number: int, actor: Actor) -> ListHead | None:
    """The picklist of this number, if the actor may see it."""
    seen = Picklist.objects.visible_to(actor).filter(number=number)
    found = seen.values_list("pk", "point_id", "channel_id").first()
    return None if found is None else ListHead(id=found[0], point_id=found[1], channel_id=found[2])


def manifests_of(handover: Handover) -> Sequence[Manifest]:
    """The manifests that boxes of a hand-over are on, oldest first."""
    boxes = handover.entries.values("parcel_id")
    return list(Manifest.objects.filter(entries__parcel_id__in=boxes).distinct().order_by("pk"))
