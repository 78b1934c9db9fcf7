"""Closing delivered orders once nobody is expected to send anything back."""

from datetime import datetime, timedelta

from django.db import transaction

from oms.accounts.clocks import EVERYBODY, Circle
from oms.events import outbox
from oms.events.choices import EventType
from oms.kernel.actors import SYSTEM
from oms.orders.choices import OrderStatus
from oms.orders.models import Order
from oms.orders.services import progress

COMPLETED_AFTER = timedelta(days=7)


@transaction.atomic
def complete_due(*, now: datetime, limit: int = 200, circle: Circle = EVERYBODY) -> int:
    """Close orders that were delivered seven days ago or longer. Returns how many.

    Orders somebody works on are left for the next time. Only orders of a circle are looked at.
    """
    due = Order.objects.filter(
        circle.members(),
        status=OrderStatus.DELIVERED,
        completed_at__isnull=True,
        delivered_at__isnull=False,
        delivered_at__lte=now - COMPLETED_AFTER,
    )
    locked = due.order_by("delivered_at", "id").select_for_update(of=("self",), skip_locked=True)
    orders = list(locked[:limit])
    Order.objects.filter(pk__in=[order.pk for order in orders]).update(
        completed_at=now, changed_at=now
    )
    facts = [progress.order_fact(order, EventType.ORDER_COMPLETED) for order in orders]
    outbox.record(facts, actor=SYSTEM, now=now)
    return len(orders)
