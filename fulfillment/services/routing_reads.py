"""What routing needs to know, read for a whole batch of orders at once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from fulfillment.models import Scenario
from fulfillment.routing.engine import Candidate, Plan, Wanted
from fulfillment.routing.rules import Rules, read_rules
from oms.accounts.clocks import Circle
from oms.kernel import sql

_ORDER = """
SELECT o.id, o.organization_id, o.channel_id, c.code AS channel, c.delivery, o.external_id,
       o.status, o.is_paid, o.allow_split, o.country, o.order_type, o.goods_total,
       o.allocation_attempts, o.preferred_point_id,
       EXISTS (SELECT 1 FROM orders_hold h
               WHERE h.order_id = o.id AND h.released_at IS NULL) AS is_held
FROM orders_order o JOIN channels_app_channel c ON c.id = o.channel_id
"""
_CLAIM_DUE = f"""{_ORDER}
WHERE o.allocation_due_at <= %(now)s
  AND (%(only)s::bigint IS NULL OR o.organization_id = %(only)s::bigint)
  AND o.organization_id <> ALL(%(besides)s::bigint[])
ORDER BY o.allocation_due_at, o.placed_at, o.id LIMIT %(limit)s
FOR UPDATE OF o SKIP LOCKED
"""
_CLAIM_THESE = f"""{_ORDER}
WHERE o.id = ANY(%(order_ids)s::bigint[]) ORDER BY o.id FOR UPDATE OF o
"""
_LINES = """
SELECT id, order_id, sku_id, sku_code, quantity_ordered, quantity_cancelled, quantity_allocated,
       quantity_in_progress, quantity_packed, quantity_shipped, quantity_out_for_delivery,
       quantity_delivered, quantity_returned_to_point, quantity_returned, quantity_lost
FROM orders_orderline WHERE order_id = ANY(%(order_ids)s::bigint[]) ORDER BY order_id, position
"""
_POINTS = """
SELECT cp.channel_id, p.id, p.code, p.priority, p.is_active, p.max_quota, p.carriers,
       p.accept_within,
       CASE WHEN p.max_quota IS NOT NULL THEN
           (SELECT count(*) FROM fulfillment_fulfillmenttask t
            WHERE t.point_id = p.id AND t.status <> 'CANCELLED'
              AND t.created_at >= date_trunc('day', %(now)s::timestamptz,
                  coalesce(nullif(p.timezone, ''), o.timezone))) END AS used
FROM locations_channelpoint cp
JOIN locations_fulfillmentpoint p ON p.id = cp.point_id
JOIN accounts_organization o ON o.id = p.organization_id
WHERE cp.channel_id = ANY(%(channel_ids)s::bigint[])
"""
_HOPPED = """
SELECT DISTINCT t.order_id, t.point_id FROM fulfillment_fulfillmenttask t
JOIN events_event e ON e.subject_type = 'task' AND e.subject_id = t.id AND e.type = 'task.hopped'
WHERE t.order_id = ANY(%(order_ids)s::bigint[]) AND t.status = 'CANCELLED'
UNION
SELECT t.order_id, t.point_id FROM fulfillment_fulfillmenttask t
JOIN fulfillment_taskline l ON l.task_id = t.id
WHERE t.order_id = ANY(%(order_ids)s::bigint[]) AND l.quantity_short > 0
"""


@dataclass(slots=True, kw_only=True)
class DueLine:
    """The quantities of a line, as `lifecycle.line_status` reads them."""

    id: int
    order_id: int
    sku_id: int | None
    sku_code: str
    quantity_ordered: int
    quantity_cancelled: int
    quantity_allocated: int
    quantity_in_progress: int
    quantity_packed: int
    quantity_shipped: int
    quantity_out_for_delivery: int
    quantity_delivered: int
    quantity_returned_to_point: int
    quantity_returned: int
    quantity_lost: int


@dataclass(slots=True, kw_only=True)
class DueOrder:
    """A locked order, with what of it waits."""

    id: int
    organization_id: int
    channel_id: int
    channel: str
    delivery: str
    external_id: str
    status: str
    is_paid: bool
    allow_split: bool
    country: str
    order_type: str
    goods_total: Decimal
    allocation_attempts: int
    preferred_point_id: int | None
    is_held: bool
    lines: list[DueLine] = field(default_factory=list)

    @property
    def waiting(self) -> list[Wanted]:
        return [
            Wanted(line_id=line.id, sku_id=line.sku_id, sku_code=line.sku_code, quantity=missing)
            for line in self.lines
            if (missing := line.quantity_ordered - line.quantity_cancelled
                - line.quantity_allocated) > 0
        ]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PointTerms:
    """What a task at a point starts with."""

    carriers: tuple[str, ...]
    accept_within: int | None


@dataclass(slots=True, kw_only=True)
class Setting:
    """Rules, candidates and exclusions for a batch."""

    scenarios: dict[int, list[Rules]]
    candidates: dict[int, list[Candidate]]
    terms: dict[int, PointTerms]
    excluded: dict[int, dict[int, str]]

    def rules_for(self, order: DueOrder) -> Rules:
        """The first active scenario whose filters take the order, or the built-in one."""
        for rules in self.scenarios.get(order.organization_id, ()):
            if rules.matches(
                channel=order.channel,
                country=order.country,
                order_type=order.order_type,
                value=order.goods_total,
            ):
                return rules
        return Rules()

    def use_quota(self, plan: Plan) -> None:
        """Count planned tasks towards quotas, for the next order of the batch."""
        chosen = {share.point_id for share in plan.shares}
        if not chosen:
            return
        for channel_id, candidates in self.candidates.items():
            self.candidates[channel_id] = [
                _used(c) if c.point_id in chosen else c for c in candidates
            ]


def _used(candidate: Candidate) -> Candidate:
    if candidate.quota_left is None:
        return candidate
    return replace(candidate, quota_left=candidate.quota_left - 1)


def claim_due(*, now: datetime, limit: int, circle: Circle) -> list[DueOrder]:
    """Lock a circle's due orders, oldest first, leaving out those somebody works on."""
    params: dict[str, object] = {"now": now, "limit": limit, **circle.params}
    return _with_lines(sql.records(_CLAIM_DUE, params))


def claim_these(*, order_ids: Sequence[int]) -> list[DueOrder]:
    """Lock these orders in primary-key order, waiting for whoever has them."""
    return _with_lines(sql.records(_CLAIM_THESE, {"order_ids": list(order_ids)}))


def _with_lines(rows: list[dict[str, Any]]) -> list[DueOrder]:
    orders = {row["id"]: DueOrder(**row) for row in rows}
    if orders:
        for row in sql.records(_LINES, {"order_ids": list(orders)}):
            orders[row["order_id"]].lines.append(DueLine(**row))
    return list(orders.values())


def setting_for(orders: Sequence[DueOrder], *, now: datetime) -> Setting:
    """Everything a batch is planned by."""
    setting = Setting(scenarios={}, candidates=defaultdict(list), terms={}, excluded={})
    if not orders:
        return setting
    setting.scenarios = _scenarios({order.organization_id for order in orders})
    channel_ids = sorted({order.channel_id for order in orders})
    for row in sql.records(_POINTS, {"channel_ids": channel_ids, "now": now}):
        setting.candidates[row["channel_id"]].append(_candidate(row))
        setting.terms[row["id"]] = PointTerms(
            carriers=tuple(row["carriers"]), accept_within=row["accept_within"]
        )
    tried = [order.id for order in orders if order.allocation_attempts]
    if tried:
        for order_id, point_id in sql.rows(_HOPPED, {"order_ids": tried}):
            why = "it lost units of this order before"
            setting.excluded.setdefault(order_id, {})[point_id] = why
    return setting


def _candidate(row: dict[str, Any]) -> Candidate:
    quota = row["max_quota"]
    return Candidate(
        point_id=row["id"],
        code=row["code"],
        priority=row["priority"],
        is_active=row["is_active"],
        quota_left=None if quota is None else quota - row["used"],
    )


def _scenarios(organization_ids: set[int]) -> dict[int, list[Rules]]:
    found: dict[int, list[Rules]] = defaultdict(list)
    scenarios = Scenario.objects.filter(organization_id__in=organization_ids, is_active=True)
    for scenario in scenarios.order_by("priority", "id").prefetch_related("versions"):
        versions = sorted(scenario.versions.all(), key=lambda version: version.number)
        if versions:
            last = versions[-1]
            rules = read_rules(
                last.rules, code=scenario.code, version=last.number, version_id=last.pk
            )
            found[scenario.organization_id].append(rules)
    return found
