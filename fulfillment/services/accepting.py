"""Taking orders in, for channels that refuse what cannot be allocated and for those that do not."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from fulfillment.services import allocation
from oms.inventory import services as inventory
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.locations.models import ChannelPoint
from oms.orders import services as orders
from oms.orders.models import Order, OrderLine
from oms.orders.services import HoldWish, Intake, OrderDraft


class StockShort(errors.Conflict):
    """Not all of it is in stock where the order could be shipped from. Nothing was stored.

    `lines` are those concerned: the place in the draft, from 0, and how many units there are.
    """

    code = "stock_short"

    def __init__(self, lines: Sequence[tuple[int, int]]) -> None:
        super().__init__("Not everything is in stock")
        self.lines = lines


class OrderCannotBeAllocated(errors.Conflict):
    """The channel's stock policy is to refuse what cannot be allocated. Nothing was stored."""

    code = "order_cannot_be_allocated"


def accept_order(
    *, draft: OrderDraft, refuse_unallocated: bool, actor: Actor, now: datetime
) -> Intake:
    """Take an order in; it is routed in the background.

    With `refuse_unallocated` it is routed at once, in the same transaction, and refused with
    OrderCannotBeAllocated unless all of it found a point. Raises orders.BadOrderLines.
    """
    if refuse_unallocated:
        return _place_and_route(draft=draft, actor=actor, now=now)
    return orders.place_order(draft=draft, actor=actor, now=now)


@retried
@transaction.atomic
def _place_and_route(*, draft: OrderDraft, actor: Actor, now: datetime) -> Intake:
    intake = orders.place_order(draft=draft, actor=actor, now=now)
    if intake.outcome != "unchanged":
        allocation.allocate_orders(order_ids=[intake.order_id], actor=actor, now=now)
        order = Order.objects.get(pk=intake.order_id)
        if order.is_paid and any(line.quantity_waiting for line in order.lines.all()):
            raise OrderCannotBeAllocated(order.waiting_for, order=order.external_id)
    return intake


@retried
@transaction.atomic
def place_new_order(
    *,
    draft: OrderDraft,
    needs_stock: bool = False,
    hold: HoldWish | None = None,
    actor: Actor,
    now: datetime,
) -> Intake:
    """Store an order that is not there yet; with a `hold`, nothing is done about it until released.

    With `needs_stock` a paid one is routed at once, in the same transaction, and refused with
    StockShort unless all of it found a point; one that must be paid first reserves nothing, but is
    refused when it could not be served now. Raises OrderAlreadyPlaced, BadOrderLines.
    """
    intake = orders.place_new_orders(drafts=[draft], all_or_none=True, actor=actor, now=now)[0]
    if hold is not None:
        orders.hold_order(
            order_id=intake.order_id,
            reason=hold.reason,
            note=hold.note,
            holder=str(actor),
            expires_at=None,
            actor=actor,
            now=now,
        )
    if needs_stock:
        if draft.is_paid:
            allocation.allocate_orders(order_ids=[intake.order_id], actor=actor, now=now)
        _check_stock(draft, intake.order_id)
    return intake


def _check_stock(draft: OrderDraft, order_id: int) -> None:
    waiting = _waiting(order_id)
    if not waiting:
        return
    goods = [each for _, needs in waiting for each in needs]
    most: Counter[int | None] = Counter()
    for level in inventory.lock_levels(places=_places(draft.channel_id, goods)):
        most[level.sku_id] = max(most[level.sku_id], level.available)
    short = [(p, min(most[n.sku_id] // (n.per_set or 1) for n in needs)) for p, needs in waiting]
    if draft.is_paid:
        raise StockShort(short)
    needed: Counter[int | None] = Counter()
    for each in goods:
        needed[each.sku_id] += each.quantity_waiting
    lacks = [any(most[n.sku_id] < needed[n.sku_id] for n in needs) for _, needs in waiting]
    if any(lacks):
        raise StockShort([told for told, is_short in zip(short, lacks, strict=True) if is_short])


def _waiting(order_id: int) -> list[tuple[int, list[OrderLine]]]:
    """Lines of which something waits, by their place, each as itself or as its parts."""
    lines = {
        line.pk: line
        for line in OrderLine.every.filter(order_id=order_id).order_by("position", "pk")
    }
    parts = orders.parts_of(lines)
    ordered = [line for line in lines.values() if line.parent_id is None]
    return [
        (place, parts.get(line.pk, [line]))
        for place, line in enumerate(ordered)
        if line.quantity_waiting
    ]


def _places(channel_id: int, lines: Sequence[OrderLine]) -> list[tuple[int, int]]:
    points = ChannelPoint.objects.filter(channel_id=channel_id, point__is_active=True)
    skus = {line.sku_id for line in lines if line.sku_id is not None}
    return sorted(
        (sku_id, point_id) for sku_id in skus for point_id in points.values_list("point", flat=True)
    )
