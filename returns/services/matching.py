"""Finding the order of a return that was announced, or came, before we had the order."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from oms.events.choices import EventType
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.orders import services as orders
from oms.orders.models import Order
from oms.orders.queries import OrderNotFound
from returns.choices import UnitStatus
from returns.drafts import UnitDraft
from returns.lifecycle import ARRIVED
from returns.models import ReturnOrder, ReturnUnit
from returns.queries import ReturnNotFound
from returns.services.allotting import allot
from returns.services.locking import ReturnWork, lock_return, settle
from returns.services.receiving import report_arrival


class OrderAlreadyFound(errors.Conflict):
    """The return has its order."""

    code = "return_has_its_order"


@retried
@transaction.atomic
def match_return(*, public_id: UUID, actor: Actor, now: dt.datetime) -> ReturnOrder:
    """Tie a return to its order, now that we have it; what arrived already counts as returned.

    Raises ReturnNotFound, OrderAlreadyFound, OrderNotFound, MoreThanShipped, UnknownReturnSku.
    """
    seen = ReturnOrder.objects.visible_to(actor).filter(public_id=public_id).first()
    if seen is None:
        raise ReturnNotFound("No such return")
    found = Order.objects.filter(
        channel_id=seen.channel_id, external_id=seen.order_external_id
    ).first()
    order = None if found is None else orders.lock_order(order_id=found.pk)
    work = lock_return(public_id=public_id, actor=actor)
    if work.row.order_id is not None:
        raise OrderAlreadyFound("The return has its order")
    if order is None:
        raise OrderNotFound("We do not have this order")
    _attach(work, order, actor=actor, now=now)
    return work.row


def _attach(work: ReturnWork, order: Order, *, actor: Actor, now: dt.datetime) -> None:
    live = [unit for unit in work.units if unit.status != UnitStatus.CANCELLED]
    given = allot(order=order, drafts=[UnitDraft(sku_code=unit.sku.code) for unit in live])
    for unit, allotment in zip(live, given, strict=True):
        unit.order_line_id = allotment.line_id
    ReturnUnit.objects.bulk_update(live, ["order_line"])
    work.row.order = work.order = order
    settle(work, (EventType.RETURN_EDITED, {"changed": ["order"]}), actor=actor, now=now)
    report_arrival(work, [unit for unit in live if unit.status in ARRIVED], actor=actor, now=now)
