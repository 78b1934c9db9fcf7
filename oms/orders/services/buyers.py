from datetime import datetime

from django.db import transaction

from oms.events import outbox
from oms.events.choices import EventType
from oms.kernel.actors import Actor
from oms.orders.models import Buyer
from oms.orders.services import progress


@transaction.atomic
def erase_buyer(*, order_id: int, actor: Actor, now: datetime) -> None:
    """Erase the personal data of one order; totals, lines and events stay as they are.

    Doing it again changes nothing. Raises OrderNotFound.
    """
    order = progress.lock_order(order_id=order_id)
    erased = Buyer.objects.filter(order=order, erased_at__isnull=True).update(
        contact=None, raw_body=None, email_hash=None, phone_hash=None, erased_at=now
    )
    if erased:
        order.postcode = ""
        order.customer_remark = ""
        order.customer = None
        order.changed_at = now
        order.save(update_fields=["postcode", "customer_remark", "customer", "changed_at"])
        fact = progress.order_fact(order, EventType.ORDER_BUYER_ERASED)
        outbox.record([fact], actor=actor, now=now)
