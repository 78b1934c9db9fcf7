"""Looking up again the SKU codes that nobody knew when the order came in."""

from datetime import datetime

from django.db import transaction

from oms.events import outbox
from oms.events.choices import EventType
from oms.kernel import errors, sql
from oms.kernel.actors import Actor
from oms.orders import hints
from oms.orders.services import progress
from oms.orders.services.statements import MATCH_BUNDLES, MATCH_SKUS


class SkuStillUnknown(errors.Conflict):
    """No code of the order's open lines is known yet."""

    code = "sku_still_unknown"


@transaction.atomic
def match_skus(*, order_id: int, actor: Actor, now: datetime) -> list[str]:
    """Give lines without a SKU the one, or the bundle, their code means by now.

    A paid order is due for routing. Returns the codes that were found. Raises OrderNotFound and
    SkuStillUnknown.
    """
    order = progress.lock_order(order_id=order_id)
    matches = (MATCH_SKUS, MATCH_BUNDLES)
    rows = [row for query in matches for row in sql.rows(query, {"order_id": order_id})]
    found = sorted({code for (code,) in rows})
    if not found:
        raise SkuStillUnknown("None of its unknown SKUs is known yet")
    is_held = order.holds.filter(released_at__isnull=True).exists()
    if order.is_paid and order.is_open and not is_held:
        order.allocation_due_at = now
        order.save(update_fields=["allocation_due_at"])
        hints.routing_is_due()
    fact = progress.order_fact(order, EventType.ORDER_SKUS_MATCHED, skus=found)
    outbox.record([fact], actor=actor, now=now)
    return found
