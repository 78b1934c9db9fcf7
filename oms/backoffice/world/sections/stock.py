from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from oms.backoffice.world.directory import Directory, Key, sku_ids
from oms.backoffice.world.places import WorldRefused
from oms.backoffice.world.plan import Plan
from oms.backoffice.world.reading import World, refuse_repeats
from oms.backoffice.world.shapes import Record
from oms.inventory import services
from oms.inventory.models import StockLevel
from oms.kernel.actors import Actor
from oms.locations.models import FulfillmentPoint

SECTION = "stock"
CAUSE = "apply"


def apply(world: World, directory: Directory, plan: Plan, *, actor: Actor, now: datetime) -> None:
    """Count every level that differs from what the file says; the others are left alone."""
    for entry in world.absent(SECTION):
        raise WorldRefused(entry.at, "a stock level is never removed; say `on_hand: null`")
    entries = [(directory.point(entry), entry) for entry in world.present(SECTION)]
    refuse_repeats(((point.pk, entry.text("sku")), entry) for point, entry in entries)
    skus = sku_ids((point.organization_id, entry.text("sku")) for point, entry in entries)
    grouped: defaultdict[int, list[tuple[FulfillmentPoint, Record]]] = defaultdict(list)
    for point, entry in entries:
        grouped[point.pk].append((point, entry))
    for _, group in sorted(grouped.items()):
        point = group[0][0]
        counts = _differences(point, [entry for _, entry in group], skus, plan)
        if counts:
            services.count_stock(point=point, counts=counts, actor=actor, now=now, cause=CAUSE)


def _differences(
    point: FulfillmentPoint, entries: Sequence[Record], skus: dict[Key, int], plan: Plan
) -> list[services.StockCount]:
    wanted = [(_sku_id(point, entry, skus), entry) for entry in entries]
    rows = StockLevel.objects.filter(point=point, sku_id__in=[sku_id for sku_id, _ in wanted])
    levels = {level.sku_id: level for level in rows}
    counts = []
    for sku_id, entry in wanted:
        label = f"stock {entry.text('sku')} at {point.code}"
        count = _difference(sku_id, levels.get(sku_id), entry, label, plan)
        if count is not None:
            counts.append(count)
    return counts


def _sku_id(point: FulfillmentPoint, entry: Record, skus: dict[Key, int]) -> int:
    found = skus.get((point.organization_id, entry.text("sku")))
    if found is None:
        raise WorldRefused(entry.place("sku"), f"there is no sku `{entry.text('sku')}`")
    return found


def _difference(
    sku_id: int, level: StockLevel | None, entry: Record, label: str, plan: Plan
) -> services.StockCount | None:
    safety = _number(entry, "safety")
    if level is None:
        if "on_hand" not in entry:
            entry.require("on_hand", what="stock level")
        on_hand = _number(entry, "on_hand")
        if on_hand is None:
            return None
        plan.created(f"{label}: on_hand {on_hand}")
        return services.StockCount(sku_id=sku_id, on_hand=on_hand, safety=safety)
    before = level.on_hand if level.is_stocked else None
    on_hand = _number(entry, "on_hand") if "on_hand" in entry else before
    changes: dict[str, tuple[object, object]] = {}
    if on_hand != before:
        changes["on_hand"] = (before, on_hand)
    if safety is not None and safety != level.safety:
        changes["safety"] = (level.safety, safety)
    if not changes:
        return None
    plan.changed(label, changes)
    return services.StockCount(sku_id=sku_id, on_hand=on_hand, safety=safety)


def _number(entry: Record, name: str) -> int | None:
    value = entry.values.get(name)
    return value if isinstance(value, int) else None
