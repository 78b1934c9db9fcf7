"""What routing would do with an order, by the rules that act or by a draft. Nothing is written."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalog.models import BundlePart, Sku
from channels_app.models import Channel
from fulfillment.models import ScenarioVersion
from fulfillment.routing import scoring
from fulfillment.routing.shapes import Candidate, Plan, Share, Stock
from fulfillment.services import routing_reads
from fulfillment.services.due_orders import DueLine, DueOrder, needs_static
from fulfillment.services.planning import Result, plan_order
from fulfillment.services.routing_reads import Setting
from fulfillment.services.scenarios import ScenarioNotFound
from oms.kernel import errors, sql
from oms.kernel.actors import Actor
from oms.orders.models import Order, OrderLine
from oms.orders.queries import OrderNotFound

FREE = """
SELECT sku_id, point_id, on_hand - reserved - safety FROM inventory_stocklevel
WHERE sku_id = ANY(%(sku_ids)s::bigint[]) AND point_id = ANY(%(point_ids)s::bigint[])
"""


class ChannelUnknown(errors.NotFound):
    """No such channel, or not this actor's."""

    code = "channel_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """Units of one SKU or bundle, by its code; `supplier_code` where a seller's."""

    sku_code: str
    quantity: int
    supplier_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDraft:
    """An order that may not exist: what routing looks at, and nothing of its buyer."""

    channel_id: int
    lines: tuple[PlanLine, ...]
    country: str = ""
    region: str = ""
    postcode: str = ""
    order_type: str = "NORMAL"
    value: Decimal = Decimal(0)
    allow_split: bool = False
    payment_method: str = ""
    payment_option: str = ""
    shipping_option: str = ""
    customer_type: str = ""
    latitude: float | None = None
    longitude: float | None = None
    preferred_point_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTask:
    """What one point would ship, by SKU code. `km` and `cost` as the scenario reckons them."""

    point: str
    units: Mapping[str, int]
    carrier: str
    km: float | None
    cost: float
    brought_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAnswer:
    """The plan, with every candidate's verdict as a decision would store it.

    `scenario` is the code of the rules that took the order, with their version (0: built-in).
    `unserved` are units by SKU code that nobody can ship, at `default_point` if there is one.
    """

    outcome: str
    reason: str
    scenario: str
    version: int
    tasks: tuple[PlannedTask, ...]
    unserved: Mapping[str, int]
    default_point: str
    verdicts: tuple[Mapping[str, object], ...]
    retry_at: dt.datetime | None


def dry_run(
    *, draft: PlanDraft, version_id: int | None, actor: Actor, now: dt.datetime
) -> PlanAnswer:
    """Plan a draft against the stock of this moment, in a transaction that can only read.

    `version_id` acts as though it were published; the other scenarios are as they are. Raises
    ChannelUnknown, ScenarioNotFound.
    """
    with sql.snapshot():
        order = _order(draft, actor)
        versions = versions_with(version_id, organization_id=order.organization_id)
        setting = routing_reads.setting_for([order], now=now, versions=versions)
        stock = free_stock([order], setting)
        result = plan_order(order, setting, stock)
    return _answer(result, setting)


def draft_of_order(*, order_id: int, actor: Actor) -> PlanDraft:
    """An order as though nothing of it were planned yet. Raises OrderNotFound."""
    order = Order.objects.visible_to(actor).filter(pk=order_id).first()
    if order is None:
        raise OrderNotFound("No such order")
    traits = order.traits
    lines = [
        PlanLine(
            sku_code=_code_of(line),
            quantity=line.quantity_live,
            supplier_code=_seller(line.extra),
        )
        for line in order.lines.select_related("sku", "bundle").order_by("position")
        if line.quantity_live
    ]
    return PlanDraft(
        channel_id=order.channel_id,
        lines=tuple(lines),
        country=order.country,
        region=traits.get("region", ""),
        postcode=order.postcode,
        order_type=order.order_type,
        value=order.goods_total,
        allow_split=order.allow_split,
        payment_method=order.payment_method,
        payment_option=traits.get("payment_option", ""),
        shipping_option=traits.get("shipping_option", ""),
        customer_type=traits.get("customer_type", ""),
        latitude=traits.get("latitude"),
        longitude=traits.get("longitude"),
        preferred_point_id=order.preferred_point_id,
    )


def versions_with(version_id: int | None, *, organization_id: int) -> list[ScenarioVersion]:
    """The versions that act, one of them replaced. Raises ScenarioNotFound."""
    acting = routing_reads.acting_versions([organization_id])
    if version_id is None:
        return acting
    tested = ScenarioVersion.objects.select_related("scenario").filter(
        pk=version_id, scenario__organization_id=organization_id
    )
    version = tested.first()
    if version is None:
        raise ScenarioNotFound("No such version")
    others = [each for each in acting if each.scenario_id != version.scenario_id]
    return sorted([*others, version], key=lambda each: (each.scenario.priority, each.scenario_id))


def free_stock(orders: Iterable[DueOrder], setting: Setting) -> Stock:
    """Units that are free now, of what the orders want at the points that may ship it."""
    sku_ids = {line.sku_id for order in orders for line in order.lines if line.sku_id is not None}
    points = {each.point_id for listed in setting.candidates.values() for each in listed}
    params: dict[str, object] = {"sku_ids": sorted(sku_ids), "point_ids": sorted(points)}
    return {(sku_id, point_id): units for sku_id, point_id, units in sql.rows(FREE, params)}


def _order(draft: PlanDraft, actor: Actor) -> DueOrder:
    channel = Channel.objects.visible_to(actor).filter(pk=draft.channel_id).first()
    if channel is None:
        raise ChannelUnknown("No such channel")
    codes = {line.sku_code for line in draft.lines}
    skus = Sku.objects.filter(organization_id=channel.organization_id, code__in=codes)
    known = dict(skus.values_list("code", "pk"))
    traits = {
        "region": draft.region,
        "payment_option": draft.payment_option,
        "shipping_option": draft.shipping_option,
        "customer_type": draft.customer_type,
        "latitude": draft.latitude,
        "longitude": draft.longitude,
    }
    return DueOrder(
        id=0,
        organization_id=channel.organization_id,
        channel_id=channel.pk,
        channel=channel.code,
        delivery=channel.delivery,
        external_id="",
        status="PAID",
        is_paid=True,
        allow_split=draft.allow_split,
        country=draft.country,
        order_type=draft.order_type,
        goods_total=draft.value,
        allocation_attempts=0,
        preferred_point_id=draft.preferred_point_id,
        is_held=False,
        postcode=draft.postcode,
        payment_method=draft.payment_method,
        traits={name: value for name, value in traits.items() if value not in ("", None)},
        needs_static=needs_static(channel),
        lines=_lines(draft.lines, known, _parts(codes, channel.organization_id)),
    )


def _code_of(line: OrderLine) -> str:
    known = line.sku or line.bundle
    return known.code if known else line.sku_code


def _parts(codes: Collection[str], organization_id: int) -> dict[str, list[BundlePart]]:
    """The parts of the active bundles among these codes, as they are now."""
    found = BundlePart.objects.filter(
        bundle__organization_id=organization_id, bundle__code__in=codes, bundle__is_active=True
    )
    parts: dict[str, list[BundlePart]] = {}
    for part in found.select_related("bundle", "sku").order_by("pk"):
        parts.setdefault(part.bundle.code, []).append(part)
    return parts


def _lines(
    lines: Sequence[PlanLine], known: Mapping[str, int], parts: Mapping[str, list[BundlePart]]
) -> list[DueLine]:
    """Lines as routing reads them: of a bundle its parts, with its place as their parent."""
    found: list[DueLine] = []
    for place, line in enumerate(lines, 1):
        if line.sku_code not in parts:
            found.append(_line(place, line, known))
        for number, part in enumerate(parts.get(line.sku_code, ()), 1):
            found.append(
                DueLine(
                    id=len(lines) * number + place,
                    order_id=0,
                    sku_id=part.sku_id,
                    sku_code=part.sku.code,
                    quantity_ordered=line.quantity * part.quantity,
                    supplier_code=line.supplier_code,
                    parent_id=place,
                    per_set=part.quantity,
                )
            )
    return found


def _line(place: int, line: PlanLine, known: Mapping[str, int]) -> DueLine:
    return DueLine(
        id=place,
        order_id=0,
        sku_id=known.get(line.sku_code),
        sku_code=line.sku_code,
        quantity_ordered=line.quantity,
        supplier_code=line.supplier_code,
    )


def _answer(result: Result, setting: Setting) -> PlanAnswer:
    plan, order, rules = result.plan, result.order, result.rules
    points = {each.point_id: each for each in setting.candidates[order.channel_id]}
    return PlanAnswer(
        outcome=plan.outcome,
        reason=plan.reason,
        scenario=rules.code,
        version=rules.version,
        tasks=tuple(_task(share, result, points) for share in plan.shares),
        unserved=_by_code(_left(order, plan), order.lines),
        default_point=rules.default_point,
        verdicts=tuple(plan.verdicts),
        retry_at=plan.retry_at,
    )


def _task(share: Share, result: Result, points: Mapping[int, Candidate]) -> PlannedTask:
    point = points[share.point_id]
    km = scoring.distance_km(point, result.order.destination)
    sources = [
        points[each.source_point_id].code
        for each in result.plan.transfers
        if each.point_id == share.point_id
    ]
    return PlannedTask(
        point=point.code,
        units=_by_code(share.lines, result.order.lines),
        carrier=share.carrier or result.rules.carrier or next(iter(point.carriers), ""),
        km=None if km is None else round(km, 1),
        cost=round(result.rules.cost.of(point.code, km), 2),
        brought_from=tuple(sources),
    )


def _left(order: DueOrder, plan: Plan) -> dict[int, int]:
    left = {line.id: line.quantity_ordered for line in order.lines}
    for share in plan.shares:
        for line_id, units in share.lines.items():
            left[line_id] -= units
    return {line_id: units for line_id, units in left.items() if units}


def _by_code(units: Mapping[int, int], lines: Sequence[DueLine]) -> dict[str, int]:
    codes = {line.id: line.sku_code for line in lines}
    summed: dict[str, int] = {}
    for line_id, count in units.items():
        summed[codes[line_id]] = summed.get(codes[line_id], 0) + count
    return summed


def _seller(extra: Mapping[str, object]) -> str:
    attributes = extra.get("attributes")
    inner = attributes.get("supplier_code") if isinstance(attributes, dict) else None
    return str(extra.get("supplier_code") or inner or "")
