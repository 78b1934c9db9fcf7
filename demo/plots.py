"""What happens to an order: how far the warehouse takes it, what the shop does, how it ends."""

from enum import Enum, IntEnum


class Extent(IntEnum):
    """How far a warehouse, and then the carrier, takes an order."""

    LEAVE = 0
    ACCEPT = 1
    PICKING = 2
    PICKED = 3
    PACK = 4
    SHIP = 5
    OUT_FOR_DELIVERY = 6
    DELIVER = 7
    RETURN = 8
    LOSE = 9


JOURNEYS: dict[Extent, tuple[str, ...]] = {
    Extent.OUT_FOR_DELIVERY: ("PENDING DELIVERY",),
    Extent.DELIVER: ("PENDING DELIVERY", "DELIVERED"),
    Extent.RETURN: ("PENDING DELIVERY", "RETURNED TO FP"),
    Extent.LOSE: ("LOST",),
}


def milestones_left(extent: Extent, status: str) -> tuple[str, ...]:
    """What the carrier still has to report about a parcel that left and reads `status`."""
    journey = JOURNEYS.get(extent, ())
    if status in journey:
        return journey[journey.index(status) + 1 :]
    return journey if status == "SHIPPING" else ()


class Plot(Enum):
    """The story of one order."""

    DELIVER = "paid, delivered"
    PAY_LATER = "paid later, delivered"
    SPLIT = "split over two points, delivered"
    CANCEL_LINE = "one line cancelled, the rest delivered"
    CANCEL_TOO_LATE = "cancelled after shipping: refused, delivered"
    UNPAID = "never paid"
    UNKNOWN_SKU = "unknown SKU"
    SOLD_OUT = "sold out"
    SCARCE = "the last units"
    CANCEL_EARLY = "cancelled before packing"
    CANCEL_PACKED = "cancelled after packing"
    REQUEST_CANCEL = "buyer asks to cancel"
    LEFT_ALLOCATED = "left allocated"
    LEFT_ACCEPTED = "left accepted"
    LEFT_PICKING = "left in picking"
    LEFT_PICKED = "left picked"
    LEFT_PACKED = "left packed"
    LEFT_SHIPPED = "left shipped"
    LEFT_OUT = "left out for delivery"
    LOST = "lost on the way"
    RETURNED = "came back"


EXTENTS = {
    Plot.CANCEL_EARLY: Extent.ACCEPT,
    Plot.CANCEL_LINE: Extent.PICKING,
    Plot.CANCEL_PACKED: Extent.PACK,
    Plot.REQUEST_CANCEL: Extent.PICKING,
    Plot.LEFT_ALLOCATED: Extent.LEAVE,
    Plot.LEFT_ACCEPTED: Extent.ACCEPT,
    Plot.LEFT_PICKING: Extent.PICKING,
    Plot.LEFT_PICKED: Extent.PICKED,
    Plot.LEFT_PACKED: Extent.PACK,
    Plot.LEFT_SHIPPED: Extent.SHIP,
    Plot.LEFT_OUT: Extent.OUT_FOR_DELIVERY,
    Plot.LOST: Extent.LOSE,
    Plot.RETURNED: Extent.RETURN,
}

ENDS = {
    Plot.UNPAID: {"CREATED"},
    Plot.UNKNOWN_SKU: {"PAID"},
    Plot.SOLD_OUT: {"PAID"},
    Plot.SCARCE: {"PAID", "DELIVERED"},
    Plot.CANCEL_EARLY: {"CANCELLED"},
    Plot.CANCEL_PACKED: {"CANCELLED"},
    Plot.REQUEST_CANCEL: {"PROCESSING"},
    Plot.LEFT_ALLOCATED: {"PROCESSING"},
    Plot.LEFT_ACCEPTED: {"PROCESSING"},
    Plot.LEFT_PICKING: {"PROCESSING"},
    Plot.LEFT_PICKED: {"PROCESSING"},
    Plot.LEFT_PACKED: {"PACKED"},
    Plot.LEFT_SHIPPED: {"SHIPPING"},
    Plot.LEFT_OUT: {"PENDING DELIVERY"},
    Plot.LOST: {"LOST"},
    Plot.RETURNED: {"RETURNED TO FP"},
}


def extent_of(plot: Plot) -> Extent:
    """How far the warehouse takes the order."""
    return EXTENTS.get(plot, Extent.DELIVER)


def ends_of(plot: Plot) -> set[str]:
    """The states Get Orders may tell once the story is over."""
    return ENDS.get(plot, {"DELIVERED"})


# Of a thousand orders, so many have this story; each at least once.
SHARES = {
    Plot.LOST: 0,
    Plot.RETURNED: 0,
    Plot.CANCEL_PACKED: 12,
    Plot.CANCEL_EARLY: 15,
    Plot.SOLD_OUT: 10,
    Plot.UNKNOWN_SKU: 8,
    Plot.SPLIT: 30,
    Plot.SCARCE: 30,
    Plot.LEFT_PACKED: 8,
    Plot.LEFT_ALLOCATED: 10,
    Plot.CANCEL_LINE: 15,
    Plot.PAY_LATER: 50,
    Plot.UNPAID: 15,
    Plot.LEFT_SHIPPED: 8,
    Plot.LEFT_PICKED: 8,
    Plot.LEFT_PICKING: 8,
    Plot.LEFT_ACCEPTED: 8,
    Plot.LEFT_OUT: 8,
    Plot.REQUEST_CANCEL: 5,
    Plot.CANCEL_TOO_LATE: 6,
}


def plots_for(count: int) -> list[Plot]:
    """The stories of `count` orders: one of each special first, and at most half are special."""
    counts = {plot: max(1, round(count * share / 1000)) for plot, share in SHARES.items()}
    special = list(counts)
    special += [plot for plot, number in counts.items() for _ in range(number - 1)]
    special = special[: count // 2]
    return special + [Plot.DELIVER] * (count - len(special))
