"""The world of `bench.routing`, and what is measured in it. Imported once Django is set up."""

import datetime as dt
import time
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from django.db import connection

from catalog.models import Sku
from channels_app.models import Channel
from fulfillment import services
from fulfillment.models import Scenario
from oms.accounts.models import Organization
from oms.backoffice.invariants import INVARIANTS, verify
from oms.inventory import services as inventory
from oms.kernel.actors import SYSTEM
from oms.locations.models import ChannelPoint, FulfillmentPoint, PointCalendar
from oms.orders import services as orders
from oms.orders.drafts import LineDraft, OrderDraft
from oms.orders.traits import Traits

ALWAYS = [["00:00", "24:00"]]
RULES: dict[str, object] = {
    "split": "by_line",
    "hard_rules": ["stock", "quota", "calendar", "carrier", "supplier_code"],
    "quota": "open",
    "ranking": ["fewest_parcels", "distance", "cost", "load", "priority"],
    "cost": {"per_parcel": 4, "per_km": 0.01},
}
WARM_UP = 10
_BATCH = 200


@dataclass(frozen=True, slots=True)
class World:
    """What the runs need."""

    organization: Organization
    channel: Channel
    skus: list[Sku]
    draft: services.PlanDraft
    random: Random


def make_world(*, points: int, lines: int) -> World:
    """Points of which each holds a third of the SKUs, so that orders are split."""
    random = Random(7)
    now = dt.datetime.now(dt.UTC)
    organization = Organization.objects.create(
        code="ROUTING", name="Routing", currency="TRY", country="TR"
    )
    channel = Channel.objects.create(organization=organization, code="R", name="Routing")
    skus = Sku.objects.bulk_create(
        Sku(organization=organization, code=f"R-{number}") for number in range(lines * 5)
    )
    for number in range(points):
        point = _point(organization, channel, number, random)
        held = random.sample(skus, len(skus) // 3)
        counts = [inventory.StockCount(sku_id=sku.pk, on_hand=500) for sku in held]
        inventory.count_stock(point=point, counts=counts, actor=SYSTEM, now=now, cause="bench")
    services.create_scenario(
        organization_id=organization.pk,
        draft=services.ScenarioDraft(code="BENCH", name="Bench", priority=1),
        rules=RULES,
        actor=SYSTEM,
        now=now,
    )
    wanted = tuple(services.PlanLine(sku_code=sku.code, quantity=2) for sku in skus[:lines])
    draft = services.PlanDraft(
        channel_id=channel.pk, lines=wanted, country="TR", latitude=41.01, longitude=28.98
    )
    return World(organization, channel, skus, draft, random)


def _point(
    organization: Organization, channel: Channel, number: int, random: Random
) -> FulfillmentPoint:
    point = FulfillmentPoint.objects.create(
        organization=organization,
        code=f"R{number}",
        name=f"Point {number}",
        priority=number % 5,
        carriers=["Local"],
        max_quota=100_000,
        latitude=round(36 + random.random() * 6, 6),
        longitude=round(26 + random.random() * 18, 6),
    )
    ChannelPoint.objects.create(channel=channel, point=point, location_code=point.code)
    PointCalendar.objects.create(point=point, hours={str(day): ALWAYS for day in range(1, 8)})
    return point


def dry_runs(world: World, *, runs: int) -> list[float]:
    """Milliseconds of each, once statements are prepared."""
    took = []
    for number in range(runs + WARM_UP):
        begun = time.perf_counter()
        now = dt.datetime.now(dt.UTC)
        services.dry_run(draft=world.draft, version_id=None, actor=SYSTEM, now=now)
        if number >= WARM_UP:
            took.append((time.perf_counter() - begun) * 1000)
    return took


@dataclass(frozen=True, slots=True)
class BackTested:
    """Seconds of a back-test, its outcome, and what it did to the database: nothing."""

    seconds: float
    outcome: services.BackTest
    tables: int
    changed: list[str]
    broken: list[str]
    """Tables whose number of rows is another than before, and invariants that do not hold."""


def back_test(world: World, *, orders: int) -> BackTested:
    """A back-test of a draft that splits less."""
    now = dt.datetime.now(dt.UTC)
    _place(world, orders, now=now)
    scenario = Scenario.objects.get(organization=world.organization)
    draft = services.draft_version(
        scenario_id=scenario.pk, rules={**RULES, "max_points": 2}, actor=SYSTEM, now=now
    )
    before = _rows()
    begun = time.perf_counter()
    outcome = services.back_test(
        version_id=draft.pk,
        since=now - dt.timedelta(days=400),
        until=now + dt.timedelta(days=1),
        limit=orders,
        actor=SYSTEM,
        now=now,
    )
    seconds = time.perf_counter() - begun
    after = _rows()
    return BackTested(
        seconds=seconds,
        outcome=outcome,
        tables=len(before),
        changed=[table for table, rows in after.items() if before.get(table) != rows],
        broken=[each.code for each in INVARIANTS if not verify(each).holds],
    )


def _rows() -> dict[str, int]:
    """Rows of every table."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        counted = {}
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
            counted[table] = int(cursor.fetchone()[0])
    return counted


def _place(world: World, count: int, *, now: dt.datetime) -> None:
    for start in range(0, count, _BATCH):
        drafts = [
            _order(world, number, now=now) for number in range(start, min(start + _BATCH, count))
        ]
        orders.place_orders(drafts=drafts, actor=SYSTEM, now=now)


def _order(world: World, number: int, *, now: dt.datetime) -> OrderDraft:
    chosen = world.random.sample(world.skus, 3)
    lines = tuple(
        LineDraft(
            external_id=str(place),
            sku_codes=(sku.code,),
            sku_code=sku.code,
            quantity=1,
            unit_price=Decimal(10),
        )
        for place, sku in enumerate(chosen)
    )
    return OrderDraft(
        organization_id=world.organization.pk,
        channel_id=world.channel.pk,
        external_id=f"R-{number}",
        is_paid=True,
        currency="TRY",
        country="TR",
        placed_at=now - dt.timedelta(minutes=number),
        channel_updated_at=now,
        traits=Traits(
            latitude=36 + world.random.random() * 6, longitude=26 + world.random.random() * 18
        ),
        lines=lines,
    )
