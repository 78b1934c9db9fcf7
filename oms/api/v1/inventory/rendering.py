"""Levels and adjustments as the wire shows them."""

from collections.abc import Sequence
from uuid import UUID

from oms.api.v1.inventory import mapping
from oms.api.v1.locations.mapping import location_id
from oms.api.v1.road import identifiers
from oms.api.v1.road.fields import moment
from oms.inventory.choices import StockReason
from oms.inventory.models import StockAdjustment, StockLevel

Body = dict[str, object]
_TOTALS = ("on_hand", "reserved", "unavailable", "incoming")


def available(row: StockLevel) -> int:
    """What a new order could have; a level that owes more than it has shows nothing."""
    return max(0, row.available)


def levels(rows: Sequence[StockLevel]) -> list[Body]:
    """A page of them; SKU and point were read with them."""
    return [level(row) for row in rows]


def level(row: StockLevel) -> Body:
    """One level."""
    return {
        "sku": row.sku.code,
        "location_id": location_id(row.point.public_id),
        "on_hand": row.on_hand,
        "reserved": row.reserved,
        "unavailable": row.unavailable,
        "incoming": row.incoming,
        "safety_stock": row.safety,
        "available": available(row),
        "version": row.version,
        "updated_at": moment(row.updated_at),
    }


def sku(code: str, rows: Sequence[StockLevel]) -> Body:
    """One SKU: its totals over the levels, and the levels."""
    totals = {name: sum(getattr(row, name) for row in rows) for name in _TOTALS}
    totals["available"] = sum(available(row) for row in rows)
    return {"sku": code, "totals": totals, "levels": levels(rows)}


def adjustment(row: StockAdjustment) -> Body:
    """An adjustment, with what each of its items left behind."""
    return {
        "id": adjustment_id(row),
        "reason": mapping.REASON_OUT[StockReason(row.reason)],
        "reference": row.reference or None,
        "items": [
            {
                "sku": result["sku"],
                "location_id": location_id(UUID(result["point"])),
                "delta": result["delta"],
                "on_hand_after": result["on_hand"],
                "version": result["version"],
            }
            for result in row.results
        ],
        "created_at": moment(row.made_at),
    }


def adjustment_id(row: StockAdjustment) -> str:
    """`adj_...`"""
    return identifiers.of_uuid(mapping.ADJUSTMENT, row.public_id)
