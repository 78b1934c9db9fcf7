"""Cancelling a whole order for a reason that is told."""

from datetime import datetime

from django.db import transaction

from fulfillment.services.cancelling import CancelOrder, cancel_order
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.orders import services as orders
from oms.orders.choices import CancelParty, CancelReason
from oms.orders.models import Order


@retried
@transaction.atomic
def end_order(
    *, order_id: int, reason: CancelReason, note: str, actor: Actor, now: datetime
) -> Order:
    """Cancel everything of an order and keep why; the stock is free with the same commit.

    Raises OrderNotFound, orders.OrderEnded when there is nothing left to cancel, and ParcelHasLeft
    when a part of it is on its way.
    """
    order = orders.lock_order(order_id=order_id)
    if not order.is_open:
        raise orders.OrderEnded(f"{order.external_id} is {order.status}", status=order.status)
    order.cancel_reason, order.cancel_note = reason, note
    order.save(update_fields=["cancel_reason", "cancel_note"])
    by_customer = reason == CancelReason.CUSTOMER_REQUEST
    request = CancelOrder(
        order_id=order_id,
        party=CancelParty.CUSTOMER if by_customer else CancelParty.SELLER,
        reason=reason.label,
        cancelled_at=now,
    )
    cancel_order(request=request, actor=actor, now=now)
    order.refresh_from_db()
    return order
