"""From bulk rows to counts, and from what became of them to the answer."""

from collections import defaultdict
from datetime import datetime

import msgspec

from catalog import queries as catalog
from oms.api.v1.inventory import mapping, references
from oms.api.v1.inventory.bulk import BulkCount, BulkLevel
from oms.inventory import services as inventory
from oms.inventory.services import MovementNote, StockCount
from oms.kernel.actors import Actor
from oms.locations.models import FulfillmentPoint

Failure = dict[str, object]


def count(body: BulkCount, *, cause: str, actor: Actor, now: datetime) -> dict[str, object]:
    """Set every level that can be found; rows that name nothing we know are left out and told."""
    skus = catalog.sku_ids_by_code(actor=actor, codes={row.sku for row in body.levels})
    points = references.points_by_id({row.location_id for row in body.levels}, actor=actor)
    counts: defaultdict[int, list[StockCount]] = defaultdict(list)
    failures = []
    for index, row in enumerate(body.levels):
        if failure := _failure(index, row, skus, points):
            failures.append(failure)
            continue
        counts[points[row.location_id].pk].append(_counted(row, skus[row.sku]))
    note = MovementNote(
        cause=cause, reason=mapping.REASON_IN[body.reason], reference=body.reference
    )
    changed = inventory.count_points(counts=counts, note=note, actor=actor, now=now)
    received, failed = len(body.levels), len(failures)
    return {
        "received": received,
        "changed": changed,
        "unchanged": received - changed - failed,
        "failed": failed,
        "failures": failures,
    }


def _counted(row: BulkLevel, sku_id: int) -> StockCount:
    safety = None if row.safety_stock is msgspec.UNSET else row.safety_stock
    return StockCount(sku_id=sku_id, on_hand=row.on_hand, safety=safety)


def _failure(
    index: int, row: BulkLevel, skus: dict[str, int], points: dict[str, FulfillmentPoint]
) -> Failure | None:
    if row.sku not in skus:
        code = "unknown_sku"
    elif row.location_id not in points:
        code = "unknown_location"
    else:
        return None
    return {"index": index, "sku": row.sku, "location_id": row.location_id, "code": code}
