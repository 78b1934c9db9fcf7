"""A plain model of orders, tasks, parcels and stock: what the product must agree with.

Written from the domain's rules, without the product's code: dictionaries and loops, one order
after the other.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

RETRY = timedelta(minutes=30)
STATIONS = ("SHIPPED", "OUT_FOR_DELIVERY", "DELIVERED", "RETURNED_TO_POINT", "LOST")
RANKS = (
    "CREATED",
    "PAID",
    "UNALLOCATED",
    "ALLOCATED",
    "IN_FULFILLMENT",
    "PACKED",
    *STATIONS,
    "CANCELLED",
)


@dataclass
class ModelLine:
    sku: int
    quantity: int
    is_cancelled: bool = False
    task: "ModelTask | None" = None


@dataclass
class ModelOrder:
    number: int
    placed_at: datetime
    may_split: bool
    is_paid: bool
    lines: list[ModelLine]
    due_at: datetime | None
    was_tried: bool = False
    holds: int = 0
    tasks: list["ModelTask"] = field(default_factory=list)

    @property
    def waiting(self) -> list[ModelLine]:
        return [line for line in self.lines if line.task is None and not line.is_cancelled]

    def status(self) -> str:
        states = [self._line_status(line) for line in self.lines if not line.is_cancelled]
        return min(states, key=RANKS.index, default="CANCELLED")

    def _line_status(self, line: ModelLine) -> str:
        if line.task is None:
            if self.was_tried:
                return "UNALLOCATED"
            return "PAID" if self.is_paid else "CREATED"
        parcel = line.task.parcel_of(line)
        if parcel is None:
            return "IN_FULFILLMENT" if line.task.has_begun else "ALLOCATED"
        return parcel.status


@dataclass
class ModelParcel:
    lines: list[ModelLine]
    reports: list[tuple[datetime, int]] = field(default_factory=list)
    is_void: bool = False

    @property
    def has_left(self) -> bool:
        return bool(self.reports)

    @property
    def status(self) -> str:
        return STATIONS[max(self.reports)[1]] if self.reports else "PACKED"


@dataclass
class ModelTask:
    order: ModelOrder
    point: int
    lines: list[ModelLine]
    is_picking: bool = False
    parcels: list[ModelParcel] = field(default_factory=list)

    @property
    def live(self) -> list[ModelLine]:
        return [line for line in self.lines if not line.is_cancelled]

    @property
    def has_begun(self) -> bool:
        return self.is_picking or any(not parcel.is_void for parcel in self.parcels)

    def parcel_of(self, line: ModelLine) -> ModelParcel | None:
        boxes = (p for p in self.parcels if not p.is_void)
        return next((p for p in boxes if any(other is line for other in p.lines)), None)

    @property
    def unpacked(self) -> list[ModelLine]:
        return [line for line in self.live if self.parcel_of(line) is None]


@dataclass
class Model:
    points: int
    skus: int
    orders: list[ModelOrder] = field(default_factory=list)
    on_hand: dict[tuple[int, int], int] = field(default_factory=dict)
    given_back: set[int] = field(default_factory=set)

    def reserved(self, sku: int, point: int) -> int:
        """Units of live task lines that have not left."""
        return sum(
            line.quantity
            for order in self.orders
            for line in order.lines
            if line.sku == sku and not line.is_cancelled and line.task is not None
            if line.task.point == point
            if not ((parcel := line.task.parcel_of(line)) and parcel.has_left)
        )

    def available(self, sku: int, point: int) -> int:
        return self.on_hand.get((sku, point), 0) - self.reserved(sku, point)

    def count(self, sku: int, point: int, units: int) -> None:
        """A count; whoever waits for more units, or for some given back before, is due again."""
        more = {sku} if units > self.on_hand.get((sku, point), 0) else set()
        self.on_hand[sku, point] = units
        for order in self.orders:
            waits = any(line.sku in more | self.given_back for line in order.waiting)
            if waits and order.due_at is not None:
                order.due_at = order.placed_at
        self.given_back = set()

    def route(self, now: datetime) -> None:
        due = [o for o in self.orders if o.due_at is not None and o.due_at <= now]
        for order in sorted(due, key=lambda o: (o.due_at, o.placed_at, o.number)):
            if order.holds or not order.is_paid or not order.waiting:
                order.due_at = None
                continue
            self._route_one(order)
            order.was_tried = True
            order.due_at = now + RETRY if order.waiting else None

    def _route_one(self, order: ModelOrder) -> None:
        for point in range(self.points):
            if self._fits(order.waiting, point):
                self._give(order, order.waiting, point)
                return
        if order.may_split:
            for point in range(self.points):
                fitting: list[ModelLine] = []
                for line in order.waiting:
                    if self._fits([*fitting, line], point):
                        fitting.append(line)
                if fitting:
                    self._give(order, fitting, point)

    def _fits(self, lines: list[ModelLine], point: int) -> bool:
        wanted: dict[int, int] = {}
        for line in lines:
            wanted[line.sku] = wanted.get(line.sku, 0) + line.quantity
        return all(self.available(sku, point) >= units for sku, units in wanted.items())

    def _give(self, order: ModelOrder, lines: list[ModelLine], point: int) -> None:
        task = ModelTask(order=order, point=point, lines=list(lines))
        order.tasks.append(task)
        for line in lines:
            line.task = task

    def ship(self, task: ModelTask, parcel: ModelParcel) -> None:
        for line in parcel.lines:
            key = line.sku, task.point
            self.on_hand[key] = max(self.on_hand[key] - line.quantity, 0)

    def cancel(self, order: ModelOrder, lines: list[ModelLine]) -> bool:
        """Cancel lines; False when one of them has left, and nothing changes."""
        wanted = [line for line in lines if not line.is_cancelled]
        boxes = [(line, line.task.parcel_of(line)) for line in wanted if line.task is not None]
        if any(box is not None and box.has_left for _, box in boxes):
            return False
        for _, box in boxes:
            if box is not None:
                box.is_void = True
        self.given_back |= {line.sku for line, _ in boxes}
        for line in wanted:
            line.is_cancelled = True
            line.task = None
        for task in order.tasks:
            task.lines = [line for line in task.lines if not line.is_cancelled]
        if not order.waiting:
            order.due_at = None
        return True
