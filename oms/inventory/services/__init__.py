"""What may happen to stock."""

from oms.inventory.services.announcing import announce_due
from oms.inventory.services.counting import NegativeStock, StockCount, adjust_stock, count_stock
from oms.inventory.services.reserving import (
    Level,
    ReservationMissing,
    StockNeed,
    StockShortage,
    lock_levels,
    release_stock,
    reserve_stock,
    ship_stock,
)

__all__ = [
    "Level",
    "NegativeStock",
    "ReservationMissing",
    "StockCount",
    "StockNeed",
    "StockShortage",
    "adjust_stock",
    "announce_due",
    "count_stock",
    "lock_levels",
    "release_stock",
    "reserve_stock",
    "ship_stock",
]
