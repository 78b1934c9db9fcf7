"""Sub-orders as they are now, read for a whole batch at once."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Prefetch

from fulfillment.models import FulfillmentTask, TaskLine
from oms.api.increff import codes
from oms.api.increff.codes import SkuName
from oms.api.increff.push.taken import Taken, taken_from
from oms.locations.models import ChannelPoint
from oms.orders import queries as orders
from oms.orders.addresses import Address
from oms.orders.models import Hold


@dataclass(frozen=True, slots=True, kw_only=True)
class SubOrder:
    """A task with what is told of it. Addresses are a buyer's data."""

    task: FulfillmentTask
    location_code: str
    is_held: bool
    lines: list[TaskLine]
    taken: Mapping[int, Taken]
    names: Mapping[int, SkuName]
    ship_to: Address | None
    bill_to: Address | None

    @property
    def start_at(self) -> dt.datetime:
        """When work may begin: the task is there for it."""
        return self.task.created_at


def sub_orders(task_ids: Collection[int], *, efs_channel_id: int) -> dict[int, SubOrder]:
    """By key of the task; those whose point the EFS channel no longer runs are left out.

    Eight queries, however many tasks. Raises crypto.SealBroken.
    """
    lines = TaskLine.objects.select_related("order_line").order_by("order_line__position", "pk")
    tasks = (
        FulfillmentTask.objects.filter(pk__in=task_ids)
        .select_related("channel", "order", "order__buyer")
        .prefetch_related(Prefetch("lines", queryset=lines))
    )
    places = location_codes(efs_channel_id)
    found = [task for task in tasks if task.point_id in places]
    held = Hold.objects.filter(
        order_id__in={task.order_id for task in found}, released_at__isnull=True
    )
    held_ids = set(held.values_list("order_id", flat=True))
    skus = {line.sku_id for task in found for line in task.lines.all()}
    names = codes.sku_names(skus, efs_channel_id=efs_channel_id)
    taken = taken_from(found)
    return {
        task.pk: _sub_order(
            task, places[task.point_id], taken, names, is_held=task.order_id in held_ids
        )
        for task in found
    }


def location_codes(efs_channel_id: int) -> dict[int, str]:
    """What an EFS channel calls its points."""
    links = ChannelPoint.objects.filter(channel_id=efs_channel_id)
    return dict(links.values_list("point_id", "location_code"))


def _sub_order(
    task: FulfillmentTask,
    location_code: str,
    taken: Mapping[int, Taken],
    names: Mapping[int, SkuName],
    *,
    is_held: bool,
) -> SubOrder:
    contact = orders.contact_of(task.order)
    return SubOrder(
        task=task,
        location_code=location_code,
        is_held=is_held,
        lines=list(task.lines.all()),
        taken=taken,
        names=names,
        ship_to=orders.ship_to_of(task.order, contact),
        bill_to=contact.bill_to,
    )
