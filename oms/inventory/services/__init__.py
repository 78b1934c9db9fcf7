"""What may happen to stock."""

from oms.inventory.services.adjusting import (
    MOST_UNITS,
    NegativeStock,
    StockDelta,
    TooManyUnits,
    adjust_levels,
    adjust_stock,
    return_stock,
)
from oms.inventory.services.announcing import announce_due
from oms.inventory.services.counting import (
    LevelMovedOn,
    StockCount,
    count_points,
    count_stock,
    set_level,
)
from oms.inventory.services.freeing import count_free
from oms.inventory.services.level_news import tell_levels_due
from oms.inventory.services.noting import MovementNote
from oms.inventory.services.opening import open_sku
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
    "MOST_UNITS",
    "Level",
    "LevelMovedOn",
    "MovementNote",
    "NegativeStock",
    "ReservationMissing",
    "StockCount",
    "StockDelta",
    "StockNeed",
    "StockShortage",
    "TooManyUnits",
    "adjust_levels",
    "adjust_stock",
    "announce_due",
    "count_free",
    "count_points",
    "count_stock",
    "lock_levels",
    "open_sku",
    "release_stock",
    "reserve_stock",
    "return_stock",
    "set_level",
    "ship_stock",
    "tell_levels_due",
]
