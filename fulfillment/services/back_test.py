"""Past orders planned again, by a version and by what acts, to see what would be different.

Both plan the same orders, oldest first, from a stock of their own: what is free now and what those
very orders took. Quotas of a day and what points refused then are left out. Nothing is written.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from fulfillment.choices import RoutingOutcome
from fulfillment.models import ScenarioVersion
from fulfillment.routing import scoring
from fulfillment.routing.rules import Cost
from fulfillment.routing.shapes import Stock
from fulfillment.services import routing_reads
from fulfillment.services.dry_run import FREE, versions_with
from fulfillment.services.due_orders import read_orders
from fulfillment.services.planning import Result, plan_order
from fulfillment.services.routing_reads import Setting
from fulfillment.services.scenarios import ScenarioNotFound
from oms.kernel import errors, sql
from oms.kernel.actors import Actor

CHUNK = 500
MOST_ORDERS = 100_000

_ORDERS = """
SELECT id FROM (
    SELECT id, placed_at FROM orders_order
    WHERE organization_id = %(organization_id)s::bigint AND is_paid
      AND placed_at >= %(since)s::timestamptz AND placed_at < %(until)s::timestamptz
    ORDER BY placed_at DESC, id DESC LIMIT %(limit)s::bigint
) newest ORDER BY placed_at, id
"""
_SKUS = """
SELECT DISTINCT sku_id FROM orders_orderline
WHERE order_id = ANY(%(order_ids)s::bigint[]) AND sku_id IS NOT NULL
"""
_TAKEN = """
SELECT l.sku_id, coalesce(l.source_point_id, t.point_id),
       sum(l.quantity - l.quantity_cancelled)::bigint
FROM fulfillment_fulfillmenttask t JOIN fulfillment_taskline l ON l.task_id = t.id
WHERE t.order_id = ANY(%(order_ids)s::bigint[]) AND t.is_reserved AND t.status <> 'CANCELLED'
GROUP BY 1, 2
"""
_POINTS = """
SELECT id FROM locations_fulfillmentpoint WHERE organization_id = %(organization_id)s::bigint
"""


class TooManyOrders(errors.InvalidInput):
    """A back-test takes at most MOST_ORDERS."""

    code = "too_many_orders"


@dataclass(slots=True, kw_only=True)
class Tally:
    """What became of the orders by one set of rules.

    `km` is summed over the `measured` tasks whose distance is known.
    """

    orders: int = 0
    served: int = 0
    partly_served: int = 0
    waiting: int = 0
    split: int = 0
    tasks: int = 0
    transfers: int = 0
    units: int = 0
    units_served: int = 0
    km: float = 0.0
    measured: int = 0
    cost: float = 0.0

    @property
    def mean_km(self) -> float | None:
        """Mean distance of a task, where any is known."""
        return round(self.km / self.measured, 1) if self.measured else None

    def add(self, result: Result, setting: Setting, cost: Cost) -> None:
        """Count one planned order."""
        plan, order = result.plan, result.order
        self.orders += 1
        self.served += plan.outcome == RoutingOutcome.SERVED
        self.partly_served += plan.outcome == RoutingOutcome.PARTLY_SERVED
        self.waiting += plan.outcome == RoutingOutcome.WAITING
        self.split += len(plan.shares) > 1
        self.tasks += len(plan.shares)
        self.transfers += len(plan.transfers)
        self.units += sum(line.quantity for line in order.waiting)
        points = {each.point_id: each for each in setting.candidates[order.channel_id]}
        for share in plan.shares:
            self.units_served += sum(share.lines.values())
            km = scoring.distance_km(points[share.point_id], order.destination)
            self.cost += cost.of(points[share.point_id].code, km)
            if km is not None:
                self.km += km
                self.measured += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BackTest:
    """The version that was tested and the rules that act, over the same orders.

    `different` are orders that would go elsewhere, or otherwise divided. Both costs are reckoned
    by the prices of the tested version. `first_at` and `last_at` are when the orders were placed.
    """

    scenario: str
    version: int
    tested: Tally
    acting: Tally
    different: int
    since: dt.datetime
    until: dt.datetime


def back_test(
    *,
    version_id: int,
    since: dt.datetime,
    until: dt.datetime,
    limit: int,
    actor: Actor,
    now: dt.datetime,
    told: Callable[[int, int], object] | None = None,
) -> BackTest:
    """Plan the newest `limit` paid orders placed in [since, until) again, in chunks.

    The version acts in the place of its scenario's; every other scenario as it is. One snapshot,
    in a transaction that can only read. `told` hears how many of how many are done. Raises
    ScenarioNotFound, TooManyOrders.
    """
    if not 0 < limit <= MOST_ORDERS:
        raise TooManyOrders(f"A back-test takes 1 to {MOST_ORDERS} orders", limit=limit)
    version = _version(version_id, actor)
    with sql.snapshot():
        run = _Run(version, now=now)
        order_ids = run.choose(since=since, until=until, limit=limit)
        for start in range(0, len(order_ids), CHUNK):
            run.plan(order_ids[start : start + CHUNK])
            if told is not None:
                told(min(start + CHUNK, len(order_ids)), len(order_ids))
    return BackTest(
        scenario=version.scenario.code,
        version=version.number,
        tested=run.tested,
        acting=run.acting,
        different=run.different,
        since=since,
        until=until,
    )


def _version(version_id: int, actor: Actor) -> ScenarioVersion:
    found = ScenarioVersion.objects.select_related("scenario").filter(pk=version_id)
    if actor.organization_id is not None:
        found = found.filter(scenario__organization_id=actor.organization_id)
    version = found.first()
    if version is None:
        raise ScenarioNotFound("No such version")
    return version


class _Run:
    """Two plans side by side."""

    def __init__(self, version: ScenarioVersion, *, now: dt.datetime) -> None:
        self.now = now
        self.organization_id = version.scenario.organization_id
        self.tested, self.acting, self.different = Tally(), Tally(), 0
        self._versions = versions_with(version.pk, organization_id=self.organization_id)
        self._acting = routing_reads.acting_versions([self.organization_id])
        self._cost = routing_reads.rules_of(version).cost
        self._stocks: tuple[Stock, Stock] = ({}, {})

    def choose(self, *, since: dt.datetime, until: dt.datetime, limit: int) -> list[int]:
        """The orders, and the stock each of the two plans begins with."""
        params: dict[str, object] = {
            "organization_id": self.organization_id,
            "since": since,
            "until": until,
            "limit": limit,
        }
        order_ids = [pk for (pk,) in sql.rows(_ORDERS, params)]
        stock = self._stock(order_ids)
        self._stocks = (stock, dict(stock))
        return order_ids

    def plan(self, order_ids: Sequence[int]) -> None:
        """Plan a chunk twice and count."""
        ours = [order for order in read_orders(order_ids=order_ids) if order.waiting]
        tested = _unlimited(routing_reads.setting_for(ours, now=self.now, versions=self._versions))
        acting = _unlimited(routing_reads.setting_for(ours, now=self.now, versions=self._acting))
        for order in ours:
            one = plan_order(order, tested, self._stocks[0])
            other = plan_order(order, acting, self._stocks[1])
            self.tested.add(one, tested, self._cost)
            self.acting.add(other, acting, self._cost)
            self.different += _parts(one) != _parts(other)

    def _stock(self, order_ids: Sequence[int]) -> dict[tuple[int, int], int]:
        params: dict[str, object] = {"order_ids": list(order_ids)}
        sku_ids = [pk for (pk,) in sql.rows(_SKUS, params)]
        point_ids = [pk for (pk,) in sql.rows(_POINTS, {"organization_id": self.organization_id})]
        free = sql.rows(FREE, {"sku_ids": sku_ids, "point_ids": point_ids})
        stock = {(sku_id, point_id): max(units, 0) for sku_id, point_id, units in free}
        for sku_id, point_id, units in sql.rows(_TAKEN, params):
            stock[sku_id, point_id] = stock.get((sku_id, point_id), 0) + units
        return stock


def _unlimited(setting: Setting) -> Setting:
    """Quotas are of one day and of the tasks open now; past orders came over many days."""
    setting.candidates = {
        channel_id: [
            replace(each, quota_left=None, open_tasks=0 if each.open_tasks is not None else None)
            for each in listed
        ]
        for channel_id, listed in setting.candidates.items()
    }
    return setting


def _parts(result: Result) -> set[tuple[int, frozenset[tuple[int, int]]]]:
    return {(share.point_id, frozenset(share.lines.items())) for share in result.plan.shares}
