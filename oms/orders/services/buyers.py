from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from oms.events import outbox
from oms.events.choices import EventType
from oms.kernel import sql
from oms.kernel.actors import Actor
from oms.orders.models import Buyer, Order
from oms.orders.services import progress


@transaction.atomic
def erase_buyer(*, order_id: int, actor: Actor, now: datetime) -> None:
    """Erase the personal data of one order; totals, lines and events stay as they are.

    Doing it again changes nothing. Raises OrderNotFound.
    """
    order = progress.lock_order(order_id=order_id)
    erase_buyers(orders=[order], actor=actor, now=now)


def erase_buyers(*, orders: Sequence[Order], actor: Actor, now: datetime) -> None:
    """The same for orders that the caller has locked, in a fixed number of statements.

    Orders whose buyer's data was erased before are left as they are.
    """
    sql.require_transaction()
    left = Buyer.objects.filter(order__in=orders, erased_at__isnull=True)
    erased = set(left.values_list("order_id", flat=True))
    left.update(contact=None, raw_body=None, email_hash=None, phone_hash=None, erased_at=now)
    Order.objects.filter(pk__in=erased).update(
        postcode="", customer_remark="", customer=None, changed_at=now
    )
    facts = [
        progress.order_fact(order, EventType.ORDER_BUYER_ERASED)
        for order in orders
        if order.pk in erased
    ]
    outbox.record(facts, actor=actor, now=now)
