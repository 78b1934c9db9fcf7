"""What could be had of each SKU, item by item."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from oms.api.v1.inventory import references
from oms.inventory import queries
from oms.kernel.actors import Actor


def check(values: Mapping[str, Any], *, actor: Actor) -> dict[str, object]:
    """The answer to a check. Two items of one SKU want their sum together."""
    items = values["items"]
    skus = references.skus_of(items, actor=actor)
    location = values.get("location_id")
    point = references.point_of(location, actor=actor) if location is not None else None
    units = queries.available_units(
        actor=actor, sku_ids=skus.values(), point_id=point.pk if point else None
    )
    wanted: defaultdict[str, int] = defaultdict(int)
    checked = []
    for item in items:
        code = item["sku"]
        wanted[code] += item["quantity"]
        free = units.get(skus[code], 0)
        checked.append(
            {
                "sku": code,
                "requested": item["quantity"],
                "available": free,
                "sufficient": wanted[code] <= free,
            }
        )
    return {"all_available": all(each["sufficient"] for each in checked), "items": checked}
