"""Taking orders in, for channels that refuse what cannot be allocated and for those that do not."""

from datetime import datetime

from django.db import transaction

from fulfillment.services import allocation
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.orders import services as orders
from oms.orders.models import Order
from oms.orders.services import Intake, OrderDraft


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
