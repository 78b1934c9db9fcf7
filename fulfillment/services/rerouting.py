"""Whether routing would find other points for units that a point cannot supply."""

from collections.abc import Mapping
from datetime import datetime

from fulfillment.choices import RoutingOutcome
from fulfillment.routing import engine
from fulfillment.routing.engine import Wanted
from fulfillment.services import routing_reads
from fulfillment.services.work import OrderWork, TaskWork
from oms.kernel import sql

_FREE = """
SELECT sku_id, point_id, on_hand - reserved - safety FROM inventory_stocklevel
WHERE sku_id = ANY(%(sku_ids)s::bigint[]) AND point_id = ANY(%(point_ids)s::bigint[])
"""


def could_go_elsewhere(
    work: OrderWork, task: TaskWork, units: Mapping[int, int], *, now: datetime
) -> bool:
    """Whether other points have all the units (by task line) now and the rules let them ship them.

    By the rules and the stock of this moment, nothing is kept for it: routing decides afterwards.
    The order is locked by the caller.
    """
    sql.require_transaction()
    [order] = routing_reads.claim_these(order_ids=[work.order.pk])
    setting = routing_reads.setting_for([order], now=now)
    rules = setting.rules_for(order)
    if rules is None:
        return False
    candidates = [
        each for each in setting.candidates[order.channel_id] if each.point_id != task.point_id
    ]
    if not candidates or order.is_held or not order.is_paid:
        return False
    is_part = sum(units.values()) < sum(
        line.live for each in work.tasks.values() for line in each.lines.values()
    )
    if is_part and not rules.allows_split(order_allows=order.allow_split):
        return False
    wanted = [
        Wanted(
            line_id=pk,
            sku_id=task.lines[pk].sku_id,
            sku_code=str(task.lines[pk].sku_id),
            quantity=quantity,
        )
        for pk, quantity in units.items()
    ]
    free = sql.rows(
        _FREE,
        {
            "sku_ids": [line.sku_id for line in wanted],
            "point_ids": [each.point_id for each in candidates],
        },
    )
    plan = engine.plan(
        wanted=wanted,
        candidates=engine.ranked(candidates, preferred=order.preferred_point_id),
        excluded=setting.excluded.get(order.id, {}),
        stock={(sku_id, point_id): units_free for sku_id, point_id, units_free in free},
        rules=rules,
        order_allows_split=order.allow_split,
        about=setting.about(order, rules),
    )
    return plan.outcome == RoutingOutcome.SERVED
