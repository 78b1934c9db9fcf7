"""One order planned by the rules that take it, for real or not."""

from collections.abc import Mapping
from dataclasses import dataclass

from fulfillment.routing import engine
from fulfillment.routing.rules import Rules
from fulfillment.routing.shapes import Plan, Stock
from fulfillment.services.routing_reads import DueOrder, Setting

UNNAMED = "No scenario names the channel"


@dataclass(slots=True, kw_only=True)
class Result:
    """A planned order."""

    order: DueOrder
    plan: Plan
    rules: Rules


def plan_order(order: DueOrder, setting: Setting, stock: Stock) -> Result:
    """Plan what waits of an order, taking its units out of `stock`."""
    rules = setting.rules_for(order)
    if rules is None:
        return Result(order=order, plan=engine.waiting_for(UNNAMED), rules=Rules())
    return Result(order=order, plan=plan_by(rules, order, setting, stock), rules=rules)


def plan_by(
    rules: Rules,
    order: DueOrder,
    setting: Setting,
    stock: Stock,
    *,
    without: Mapping[int, str] | None = None,
) -> Plan:
    """The same by rules that are known already; `without` are points that are not asked."""
    wanted = order.waiting
    is_plain = rules.is_plain and not any(line.supplier_code or line.set_id for line in wanted)
    excluded = setting.left_out(order) if is_plain else setting.excluded.get(order.id, {})
    candidates = setting.candidates[order.channel_id]
    return engine.plan(
        wanted=wanted,
        candidates=engine.ranked(candidates, preferred=order.preferred_point_id),
        excluded={**excluded, **without} if without else excluded,
        stock=stock,
        rules=rules,
        order_allows_split=order.allow_split,
        about=None if is_plain else setting.about(order, rules),
    )
