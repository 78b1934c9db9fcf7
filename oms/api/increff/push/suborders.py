"""Sub-orders as they are now, read for a whole batch at once."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Prefetch

from fulfillment.models import FulfillmentTask, TaskLine
from oms.api.increff import codes
from oms.api.increff.codes import SkuName
from oms.api.increff.combos import Combo, combos_of
from oms.api.increff.push.taken import Taken, taken_from
from oms.locations.models import ChannelPoint
from oms.orders import queries as orders
from oms.orders.addresses import Address
from oms.orders.models import Hold, OrderLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What SKUs and bundles are called, by key."""

    skus: Mapping[int, SkuName]
    bundles: Mapping[int, SkuName]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubOrder:
    """A task with what is told of it. Addresses are a buyer's data."""

    task: FulfillmentTask
    location_code: str
    is_held: bool
    lines: list[TaskLine]
    combos: list[Combo]
    taken: Mapping[int, Taken]
    names: Mapping[int, SkuName]
    bundle_names: Mapping[int, SkuName]
    ship_to: Address | None
    bill_to: Address | None

    @property
    def start_at(self) -> dt.datetime:
        """When work may begin: the task is there for it."""
        return self.task.created_at


def sub_orders(task_ids: Collection[int], *, efs_channel_id: int) -> dict[int, SubOrder]:
    """By key of the task; those whose point the EFS channel no longer runs are left out.

    Eight queries, however many tasks, and three more for combos. Raises crypto.SealBroken.
    """
    lines = (
        TaskLine.objects.select_related("order_line__parent")
        .prefetch_related(parts_of("order_line__parent__parts"))
        .order_by("order_line__position", "pk")
    )
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
    combos = {task.pk: combos_of(task.lines.all()) for task in found}
    bundles = {each.ordered.bundle_id for listed in combos.values() for each in listed} - {None}
    taken = taken_from(found)
    known = Names(
        skus=codes.sku_names(skus, efs_channel_id=efs_channel_id),
        bundles=codes.bundle_names(
            [pk for pk in bundles if pk is not None], efs_channel_id=efs_channel_id
        ),
    )
    return {
        task.pk: _sub_order(
            task,
            places[task.point_id],
            taken,
            known,
            combos=combos[task.pk],
            is_held=task.order_id in held_ids,
        )
        for task in found
    }


def parts_of(path: str) -> Prefetch[str]:
    """The parts of bundles' lines, in the order the bundle has them."""
    return Prefetch(path, queryset=OrderLine.goods.order_by("pk"))


def location_codes(efs_channel_id: int) -> dict[int, str]:
    """What an EFS channel calls its points."""
    links = ChannelPoint.objects.filter(channel_id=efs_channel_id)
    return dict(links.values_list("point_id", "location_code"))


def _sub_order(
    task: FulfillmentTask,
    location_code: str,
    taken: Mapping[int, Taken],
    known: Names,
    *,
    combos: list[Combo],
    is_held: bool,
) -> SubOrder:
    contact = orders.contact_of(task.order)
    return SubOrder(
        task=task,
        location_code=location_code,
        is_held=is_held,
        lines=list(task.lines.all()),
        taken=taken,
        combos=combos,
        names=known.skus,
        bundle_names=known.bundles,
        ship_to=orders.ship_to_of(task.order, contact),
        bill_to=contact.bill_to,
    )
