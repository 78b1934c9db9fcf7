"""What routing needs to know, read for a whole batch of orders at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import msgspec

from fulfillment.choices import ScenarioKind, VersionState
from fulfillment.models import ScenarioVersion
from fulfillment.routing.reading import read_rules
from fulfillment.routing.rules import Rules
from fulfillment.routing.shapes import About, Candidate, Plan
from fulfillment.services.due_orders import DueLine, DueOrder, claim_due, claim_these
from oms.kernel import sql
from oms.locations import calendars

__all__ = ["DueLine", "DueOrder", "PointTerms", "Setting", "claim_due", "claim_these"]

# Open are tasks that nobody packed yet, and those somebody wishes to cancel (docs/adr/0025).
OPEN_TASKS = """
(SELECT count(*) FROM fulfillment_fulfillmenttask t
 WHERE t.point_id = p.id AND t.is_reserved AND (
     t.status IN ('CREATED', 'WAITING_REMOTE', 'ACCEPTED', 'PICKING', 'WAITING_TRANSFER', 'PICKED')
     OR (t.status IN ('PACKED', 'READY_FOR_PICKUP', 'OUT_OF_STOCK', 'NEEDS_REPLANNING', 'BLOCKED')
         AND EXISTS (SELECT FROM orders_cancelrequest r
                     WHERE r.order_id = t.order_id AND r.status = 'OPEN'
                       AND (NOT EXISTS (SELECT FROM orders_cancelrequestline n
                                        WHERE n.request_id = r.id)
                            OR EXISTS (SELECT FROM orders_cancelrequestline n
                                       JOIN fulfillment_taskline l
                                         ON l.order_line_id = n.line_id
                                       WHERE n.request_id = r.id AND l.task_id = t.id))))))
"""
_POINTS = f"""
SELECT cp.channel_id, p.id, p.code, p.priority, p.is_active, p.max_quota, p.carriers,
       p.accept_within, p.supplier_code, p.tags, p.is_fulfillment_center,
       p.latitude::float8 AS latitude, p.longitude::float8 AS longitude,
       k.hours, k.closed_days, coalesce(nullif(p.timezone, ''), o.timezone) AS timezone,
       CASE WHEN %(counts_open)s::bool THEN {OPEN_TASKS} END AS open_tasks,
       CASE WHEN p.max_quota IS NOT NULL THEN
           (SELECT count(*) FROM fulfillment_fulfillmenttask t
            WHERE t.point_id = p.id AND t.status <> 'CANCELLED' AND t.is_reserved
              AND t.created_at >= date_trunc('day', %(now)s::timestamptz,
                  coalesce(nullif(p.timezone, ''), o.timezone))) END AS used
FROM locations_channelpoint cp
JOIN locations_fulfillmentpoint p ON p.id = cp.point_id
JOIN accounts_organization o ON o.id = p.organization_id
LEFT JOIN locations_pointcalendar k ON k.point_id = p.id
WHERE cp.channel_id = ANY(%(channel_ids)s::bigint[])
"""
# What became of an order before: points that lost units of it, points that refused or missed some
# within a day, and tasks at a default point that hold nothing.
_PAST = """
SELECT t.order_id, t.point_id, 'lost' FROM fulfillment_fulfillmenttask t
JOIN events_event e ON e.subject_type = 'task' AND e.subject_id = t.id AND e.type = 'task.hopped'
WHERE t.order_id = ANY(%(order_ids)s::bigint[]) AND t.status = 'CANCELLED' AND t.is_reserved
UNION
SELECT t.order_id, t.point_id, 'lost' FROM fulfillment_fulfillmenttask t
JOIN fulfillment_taskline l ON l.task_id = t.id
WHERE t.order_id = ANY(%(order_ids)s::bigint[]) AND l.quantity_short > 0
UNION
SELECT t.order_id, d.point_id, 'refused' FROM fulfillment_fulfillmenttask t
JOIN fulfillment_taskdenial d ON d.task_id = t.id
WHERE t.order_id = ANY(%(order_ids)s::bigint[])
  AND d.created_at > %(now)s::timestamptz - interval '24 hours'
UNION
SELECT t.order_id, d.point_id, 'missed' FROM fulfillment_fulfillmenttask t
JOIN fulfillment_taskline l ON l.task_id = t.id
JOIN fulfillment_discrepancy d ON d.task_line_id = l.id
WHERE t.order_id = ANY(%(order_ids)s::bigint[])
  AND d.created_at > %(now)s::timestamptz - interval '24 hours'
UNION
SELECT t.order_id, t.id, 'unreserved' FROM fulfillment_fulfillmenttask t
WHERE t.order_id = ANY(%(order_ids)s::bigint[]) AND NOT t.is_reserved AND t.status <> 'CANCELLED'
"""
_WHY = {
    "lost": "it lost units of this order before",
    "refused": "it refused this order within a day",
    "missed": "it missed units of this order within a day",
}
_TAGS = """
SELECT id, tags FROM catalog_sku WHERE id = ANY(%(sku_ids)s::bigint[]) AND tags <> '{}'
"""
_DEFAULTS = """
SELECT organization_id, code, id FROM locations_fulfillmentpoint
WHERE organization_id = ANY(%(organization_ids)s::bigint[]) AND code = ANY(%(codes)s::text[])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointTerms:
    """What a task at a point starts with."""

    carriers: tuple[str, ...]
    accept_within: int | None


@dataclass(slots=True, kw_only=True)
class Setting:
    """Rules, candidates and exclusions for a batch.

    `excluded` and `avoided` are reasons by order and point; who is avoided is asked where nobody
    else is left. `unreserved` are orders with units at a default point.
    """

    scenarios: dict[int, list[Rules]] = field(default_factory=dict)
    transfers: dict[int, list[Rules]] = field(default_factory=dict)
    candidates: dict[int, list[Candidate]] = field(default_factory=lambda: defaultdict(list))
    terms: dict[int, PointTerms] = field(default_factory=dict)
    excluded: dict[int, dict[int, str]] = field(default_factory=dict)
    avoided: dict[int, dict[int, str]] = field(default_factory=dict)
    unreserved: set[int] = field(default_factory=set)
    defaults: dict[tuple[int, str], int] = field(default_factory=dict)

    def rules_for(self, order: DueOrder) -> Rules | None:
        """The first active scenario whose filters take the order, or the built-in one.

        None: the order's channel is planned only by a scenario that names it, and none does.
        """
        scenarios = self.scenarios.get(order.organization_id, ())
        if scenarios:
            traveller = order.traveller
            for rules in scenarios:
                if order.needs_static and not rules.names_channel(order.channel):
                    continue
                if rules.filters.take(traveller):
                    return rules
        return None if order.needs_static else Rules()

    def left_out(self, order: DueOrder) -> Mapping[int, str]:
        """Why points are not asked for this order by plain rules."""
        excluded = self.excluded.get(order.id, {})
        avoided = self.avoided.get(order.id)
        if not avoided:
            return excluded
        both = {**avoided, **excluded}
        others = [c for c in self.candidates[order.channel_id] if c.point_id not in both]
        return both if any(c.is_active for c in others) else excluded

    def about(self, order: DueOrder, rules: Rules) -> About:
        """What planning by a scenario's own rules asks besides."""
        return About(
            destination=order.destination,
            value=float(order.goods_total),
            preferred_point_id=order.preferred_point_id,
            avoided=self.avoided.get(order.id, {}),
            transfer_rules=self._transfer_rules(order),
            default_point_id=self.defaults.get((order.organization_id, rules.default_point)),
        )

    def _transfer_rules(self, order: DueOrder) -> Rules | None:
        known = self.transfers.get(order.organization_id)
        traveller = order.traveller if known else None
        found = (each for each in known or () if traveller and each.filters.take(traveller))
        return next(found, None)

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
    left, at_work = candidate.quota_left, candidate.open_tasks
    if left is None and at_work is None:
        return candidate
    return replace(
        candidate,
        quota_left=None if left is None else left - 1,
        open_tasks=None if at_work is None else at_work + 1,
    )


def setting_for(
    orders: Sequence[DueOrder], *, now: datetime, versions: Sequence[ScenarioVersion] | None = None
) -> Setting:
    """Everything a batch is planned by; `versions` in the place of those that act."""
    setting = Setting()
    if not orders:
        return setting
    organization_ids = {order.organization_id for order in orders}
    _read_rules(setting, organization_ids, versions)
    rules = [each for group in (setting.scenarios, setting.transfers) for each in _all(group)]
    _read_points(setting, orders, counts_open=any(r.counts_open_tasks for r in rules), now=now)
    _read_defaults(setting, organization_ids, rules)
    if any(each.looks_at_tags for each in rules):
        read_tags(orders)
    tried = [order.id for order in orders if order.allocation_attempts]
    if tried:
        _read_past(setting, tried, now=now)
    return setting


def _all(rules: Mapping[int, list[Rules]]) -> Iterable[Rules]:
    return (each for listed in rules.values() for each in listed)


def _read_past(setting: Setting, order_ids: Sequence[int], *, now: datetime) -> None:
    for order_id, key, what in sql.rows(_PAST, {"order_ids": list(order_ids), "now": now}):
        if what == "unreserved":
            setting.unreserved.add(order_id)
        else:
            group = setting.excluded if what == "lost" else setting.avoided
            group.setdefault(order_id, {})[key] = _WHY[what]


def _read_points(
    setting: Setting, orders: Sequence[DueOrder], *, counts_open: bool, now: datetime
) -> None:
    params: dict[str, object] = {
        "channel_ids": sorted({order.channel_id for order in orders}),
        "now": now,
        "counts_open": counts_open,
    }
    for row in sql.records(_POINTS, params):
        setting.candidates[row["channel_id"]].append(_candidate(row, now=now))
        setting.terms[row["id"]] = PointTerms(
            carriers=tuple(row["carriers"]), accept_within=row["accept_within"]
        )


def _candidate(row: dict[str, Any], *, now: datetime) -> Candidate:
    quota = row["max_quota"]
    closed = row["hours"] is not None and calendars.closed_at(
        now,
        hours=msgspec.json.decode(row["hours"]),
        closed_days=row["closed_days"],
        zone=row["timezone"],
    )
    return Candidate(
        point_id=row["id"],
        code=row["code"],
        priority=row["priority"],
        is_active=row["is_active"],
        quota_left=None if quota is None else quota - row["used"],
        max_quota=quota,
        open_tasks=row["open_tasks"],
        supplier_code=row["supplier_code"],
        tags=frozenset(row["tags"]),
        carriers=tuple(row["carriers"]),
        is_fulfillment_center=row["is_fulfillment_center"],
        latitude=row["latitude"],
        longitude=row["longitude"],
        is_closed_now=bool(closed),
        closed_until=closed.until if closed else None,
    )


def _read_defaults(
    setting: Setting, organization_ids: Iterable[int], rules: Iterable[Rules]
) -> None:
    codes = sorted({each.default_point for each in rules if each.default_point})
    if codes:
        params: dict[str, object] = {"organization_ids": sorted(organization_ids), "codes": codes}
        for organization_id, code, point_id in sql.rows(_DEFAULTS, params):
            setting.defaults[organization_id, code] = point_id


def read_tags(orders: Iterable[DueOrder]) -> None:
    """Tell the orders which tags their SKUs have."""
    listed = list(orders)
    sku_ids = sorted({line.sku_id for order in listed for line in order.lines if line.sku_id})
    tags = {pk: frozenset(words) for pk, words in sql.rows(_TAGS, {"sku_ids": sku_ids})}
    for order in listed:
        skus = {line.sku_id for line in order.lines if line.sku_id}
        order.sku_tags = {pk: tags[pk] for pk in skus if pk in tags}


def _read_rules(
    setting: Setting, organization_ids: Iterable[int], versions: Sequence[ScenarioVersion] | None
) -> None:
    for version in acting_versions(organization_ids) if versions is None else versions:
        is_transfer = version.scenario.kind == ScenarioKind.TRANSFER
        group = setting.transfers if is_transfer else setting.scenarios
        group.setdefault(version.scenario.organization_id, []).append(rules_of(version))


def acting_versions(organization_ids: Iterable[int]) -> list[ScenarioVersion]:
    """The version of each active scenario that acts, in the order in which they are tried."""
    found = ScenarioVersion.objects.filter(
        state=VersionState.ACTIVE,
        scenario__is_active=True,
        scenario__organization_id__in=list(organization_ids),
    ).select_related("scenario")
    acting: dict[int, ScenarioVersion] = {}
    for version in found.order_by("scenario__priority", "scenario_id", "-number"):
        acting.setdefault(version.scenario_id, version)
    return list(acting.values())


def rules_of(version: ScenarioVersion) -> Rules:
    """A version's rules, as planning reads them."""
    return read_rules(
        version.rules,
        code=version.scenario.code,
        version=version.number,
        version_id=version.pk,
        scenario_id=version.scenario_id,
    )
