"""Erasing a customer: the person goes, the facts of trade stay."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from oms.events import outbox
from oms.events.choices import EventType
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.orders.models import Customer, CustomerAddress, Order
from oms.orders.services.buyers import erase_buyers
from oms.orders.services.customers import customer_fact, lock_customer


@retried
@transaction.atomic
def erase_customer(*, public_id: UUID, actor: Actor, now: datetime) -> Customer:
    """Erase everything that says who a customer is: its own data, its addresses, and the buyer's
    data of all its orders, whose labels follow by event. Returns what is left, the tombstone.

    The number goes too: a channel's next order with it begins a new customer. Orders lose their
    reference, as in `erase_buyer`. Doing it again changes nothing. Raises CustomerNotFound.
    """
    # Orders are locked before customers. What was placed in between is found by the second look,
    # and nothing can be placed after it: an order takes a lock on the customer it names.
    seen = Customer.objects.visible_to(actor).filter(public_id=public_id)
    list(Order.objects.filter(customer__in=seen).locked().values_list("pk"))
    customer = lock_customer(public_id=public_id, actor=actor)
    if customer.erased_at is not None:
        return customer
    orders = list(Order.objects.filter(customer=customer).locked())
    erase_buyers(orders=orders, actor=actor, now=now)
    CustomerAddress.objects.filter(customer=customer).delete()
    _empty(customer, now=now)
    fact = customer_fact(customer, EventType.CUSTOMER_ERASED, orders=len(orders))
    outbox.record([fact], actor=actor, now=now)
    return customer


def _empty(customer: Customer, *, now: datetime) -> None:
    customer.external_id = None
    customer.personal = None
    customer.email_hash = None
    customer.phone_hash = None
    customer.name_keys = []
    customer.tags = []
    customer.erased_at = now
    customer.changed_at = now
    customer.save()
    customer.refresh_from_db(fields=["version"])
