"""Closing delivered orders once nobody is expected to send anything back."""

from datetime import datetime, timedelta

from django.db import transaction

from oms.events import outbox
from oms.events.choices import EventType
from oms.kernel.actors import SYSTEM
from oms.orders.choices import OrderStatus
from oms.orders.models import Order
from oms.orders.services import progress

COMPLETED_AFTER = timedelta(days=7)


@transaction.atomic
def complete_due(*, now: datetime, limit: int = 200, organization_id: int | None = None) -> int:
    """Close orders that were delivered seven days ago or longer. Returns how many.

    Orders somebody works on are left for the next time. With an organization, only its orders:
    for those whose clock is not everybody's.
    """
    due = Order.objects.filter(
        status=OrderStatus.DELIVERED,
        completed_at__isnull=True,
        delivered_at__isnull=False,
        delivered_at__lte=now - COMPLETED_AFTER,
    )
    if organization_id is not None:
        due = due.filter(organization_id=organization_id)
    locked = due.order_by("delivered_at", "id").select_for_update(of=("self",), skip_locked=True)
    orders = list(locked[:limit])
    Order.objects.filter(pk__in=[order.pk for order in orders]).update(
        completed_at=now, changed_at=now
    )
    facts = [progress.order_fact(order, EventType.ORDER_COMPLETED) for order in orders]
    outbox.record(facts, actor=SYSTEM, now=now)
    return len(orders)
