"""Giving orders to points: claim what is due, plan in memory, write everything in one go.

Routing is a hot path (every order, and every waiting order again when stock changes), so a batch
of orders costs about a dozen statements altogether. Orders are claimed without waiting, stock
levels are locked in primary-key order, and what the plan takes from them is written by the
conditional update of `inventory.reserve_stock`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from fulfillment.models import RoutingDecision
from fulfillment.services import allotments, routing_reads
from fulfillment.services.planning import plan_order
from fulfillment.services.routing_reads import DueOrder
from oms.accounts.clocks import EVERYBODY, Circle, by_clock
from oms.inventory import services as inventory
from oms.kernel import sql
from oms.kernel.actors import SYSTEM, Actor
from oms.kernel.contention import retried
from oms.kernel.drains import drain
from oms.orders import hints
from oms.orders.queries import OrderNotFound

BATCH = 100
RETRY = timedelta(minutes=30)

# One lane: who is first in line is decided by one claimer at a time, so scarce units go to the
# oldest order. It is about fairness only; that nothing is oversold never rests on it.
_LANE = "SELECT pg_try_advisory_xact_lock(hashtext('fulfillment.allocation'))"

# Due orders are woken as well: one of them may just be routed by somebody who read the stock
# before it grew. The update waits for that one and makes it due again if it was not served.
_WAKE = """
UPDATE orders_order o SET allocation_due_at = o.received_at
FROM (SELECT DISTINCT l.order_id FROM orders_orderline l
      WHERE l.sku_id = ANY(%(sku_ids)s::bigint[])
        AND l.quantity_allocated < l.quantity_ordered - l.quantity_cancelled) w
WHERE o.id = w.order_id AND o.allocation_due_at IS NOT NULL
  AND o.organization_id = %(organization_id)s
RETURNING o.id
"""


def drain_allocation(*, is_sweep: bool = False) -> int:
    """Route until nothing is due. Returns how many orders were tried."""
    return drain(by_clock(allocate_due), lane="fulfillment.allocate", is_sweep=is_sweep)


@transaction.atomic
def allocate_due(*, now: datetime, limit: int = BATCH, circle: Circle = EVERYBODY) -> int:
    """Route a circle's orders that are due, oldest first, in one transaction. Returns how many."""
    if not sql.rows(_LANE, {})[0][0]:
        return 0
    orders = routing_reads.claim_due(now=now, limit=limit, circle=circle)
    if orders:
        _route(orders, actor=SYSTEM, now=now)
    return len(orders)


def allocate_order(*, order_id: int, actor: Actor, now: datetime) -> RoutingDecision | None:
    """Route one order now, whether it is due or not. Raises OrderNotFound.

    Returns the decision, or None when nothing of it waits (or a hold keeps it back).
    """
    if not allocate_orders(order_ids=[order_id], actor=actor, now=now):
        raise OrderNotFound("No such order")
    decisions = RoutingDecision.objects.filter(order_id=order_id, decided_at=now)
    return decisions.order_by("-id").first()


@retried
@transaction.atomic
def allocate_orders(*, order_ids: Sequence[int], actor: Actor, now: datetime) -> int:
    """Route these orders now, together, whether they are due or not. Returns how many exist.

    Raises contention.Busy when rivals hold the orders or their stock for too long.
    """
    orders = routing_reads.claim_these(order_ids=order_ids)
    if orders:
        _route(orders, actor=actor, now=now)
    return len(orders)


def wake_waiting_orders(*, organization_id: int, sku_ids: Sequence[int]) -> int:
    """Orders that wait for one of these SKUs are due again, in the order they came in."""
    params: dict[str, object] = {
        "sku_ids": list(sku_ids),
        "organization_id": organization_id,
    }
    woken = sql.rows(_WAKE, params) if sku_ids else []
    if woken:
        hints.routing_is_due()
    return len(woken)


def _route(orders: Sequence[DueOrder], *, actor: Actor, now: datetime) -> None:
    """Plan every order against the locked stock and write the outcome of all of them."""
    ready = [order for order in orders if _is_ready(order)]
    held = [order for order in orders if not _is_ready(order)]
    setting = routing_reads.setting_for(ready, now=now)
    stock = _lock_stock(ready, setting)
    results = []
    for order in ready:
        result = plan_order(order, setting, stock)
        setting.use_quota(result.plan)
        results.append(result)
    allotments.write(results, setting=setting, actor=actor, now=now, retry_at=now + RETRY)
    allotments.set_aside(held, now=now)


def _is_ready(order: DueOrder) -> bool:
    return order.is_paid and not order.is_held and bool(order.waiting)


def _lock_stock(
    orders: Sequence[DueOrder], setting: routing_reads.Setting
) -> dict[tuple[int, int], int]:
    places = {
        (line.sku_id, candidate.point_id)
        for order in orders
        for candidate in setting.candidates[order.channel_id]
        for line in order.waiting
        if line.sku_id is not None
    }
    levels = inventory.lock_levels(places=sorted(places)) if places else []
    return {(level.sku_id, level.point_id): level.available for level in levels}
