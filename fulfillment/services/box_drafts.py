"""What may go into a box of an order: the input of packing by units, and every refusal."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from fulfillment.choices import ServiceLevel, TaskStatus
from fulfillment.services.work import OrderWork, TaskWork
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.orders.choices import OrderStatus
from oms.orders.models import Order, OrderLine

_NOT_ALLOCATED = frozenset(
    {OrderStatus.CREATED, OrderStatus.PAID, OrderStatus.UNALLOCATED, OrderStatus.CANCELLED}
)


class OrderNotAllocated(errors.Conflict):
    """The order is held, not given to points as a whole, or has nothing left to pack."""

    code = "order_not_allocated"

    def __init__(self, order: Order) -> None:
        super().__init__("Nothing of the order can be packed now", order=order.external_id)
        self.order = order


class NothingAllocatedThere(errors.Conflict):
    """The point named has no units of the order left to pack."""

    code = "nothing_allocated_there"


class LineNotOfOrder(errors.InvalidInput):
    """The order has no such line. `line` is the number asked for."""

    code = "line_not_of_order"

    def __init__(self, line: int) -> None:
        super().__init__("The order has no such line", line=line)
        self.line = line


class UnitsExceeded(errors.InvalidInput):
    """More units of a line than are left to pack at one point."""

    code = "units_exceeded"

    def __init__(self, *, line: int, remaining: int) -> None:
        super().__init__(f"At most {remaining} units are left", line=line, remaining=remaining)
        self.line = line
        self.remaining = remaining


class CodExceeded(errors.InvalidInput):
    """More is to be collected than the order still asks for."""

    code = "cod_exceeded"

    def __init__(self, remaining: Decimal) -> None:
        super().__init__("More than what is left to collect")
        self.remaining = remaining


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxDraft:
    """One box of an order. `units` are by `OrderLine.number`; none: everything not packed yet. Of a
    bundle's line they are sets.

    `carrier` empty: the one routing chose. `cod_amount` None: what is left to collect.
    """

    order: UUID
    point_id: int | None = None
    units: Mapping[int, int] = field(default_factory=dict)
    carrier: str = ""
    service_level: ServiceLevel = ServiceLevel.STANDARD
    tracking_number: str = ""
    tracking_url: str = ""
    weight_kg: Decimal | None = None
    length_cm: Decimal | None = None
    width_cm: Decimal | None = None
    height_cm: Decimal | None = None
    cod_amount: Decimal | None = None
    insured_value: Decimal | None = None
    external_id: str = ""
    note: str = ""


def check_order(order: Order) -> None:
    """Raise OrderNotAllocated unless all of an order was given to points and nobody holds it."""
    if order.status in _NOT_ALLOCATED or order.holds.filter(released_at__isnull=True).exists():
        raise OrderNotAllocated(order)


def choose(work: OrderWork, draft: BoxDraft, *, actor: Actor) -> tuple[TaskWork, dict[int, int]]:
    """The task a box is of, and its units by task line: of the first task that has them all."""
    seen = [task for task in work.tasks.values() if task.is_visible_to(work.order, actor)]
    rooms = [(task, left) for task in seen if (left := _left(task))]
    if draft.point_id is not None:
        rooms = [(task, left) for task, left in rooms if task.point_id == draft.point_id]
        if not rooms:
            raise NothingAllocatedThere("The point has no units of the order left to pack")
    if not rooms:
        raise OrderNotAllocated(work.order)
    if not draft.units:
        return rooms[0]
    needs = _needs(work.order, draft.units)
    wanted = {need.line_id: need.units for need in needs}
    for task, left in rooms:
        if (units := _share(task, left, wanted)) is not None:
            return task, units
    raise _exceeded(needs, [_by_order_line(task, left) for task, left in rooms])


def _left(task: TaskWork) -> dict[int, int]:
    """Units by task line that are in no box yet."""
    if task.stored == TaskStatus.CANCELLED or task.is_stopped:
        return {}
    packed = task.packed_units()
    left = {line.id: line.live - packed.get(line.id, 0) for line in task.live_lines}
    return {line_id: units for line_id, units in left.items() if units > 0}


@dataclass(frozen=True, slots=True)
class _Need:
    """Units of a line that are named by the number of it, or of its bundle's line in sets."""

    line_id: int
    units: int
    number: int
    per_set: int


def _needs(order: Order, units: Mapping[int, int]) -> list[_Need]:
    """Of bundles their parts. Raises LineNotOfOrder."""
    named = Q(number__in=list(units)) | Q(parent__number__in=list(units))
    lines = OrderLine.every.filter(named, order=order).order_by("pk")
    numbers = {line.pk: line.number for line in lines if line.parent_id is None}
    for number in units:
        if number not in numbers.values():
            raise LineNotOfOrder(number)
    found = []
    for line in lines:
        if line.bundle_id is None:
            number, per_set = numbers[line.parent_id or line.pk], line.per_set or 1
            found.append(_Need(line.pk, units[number] * per_set, number, per_set))
    return sorted(found, key=lambda need: list(units).index(need.number))


def _by_order_line(task: TaskWork, left: Mapping[int, int]) -> dict[int, int]:
    units: dict[int, int] = defaultdict(int)
    for line_id, quantity in left.items():
        units[task.lines[line_id].order_line_id] += quantity
    return units


def _share(
    task: TaskWork, left: Mapping[int, int], wanted: Mapping[int, int]
) -> dict[int, int] | None:
    """The wanted units from these lines, first line first. None when they do not suffice."""
    missing = dict(wanted)
    units = {}
    for line_id, quantity in left.items():
        order_line_id = task.lines[line_id].order_line_id
        if taken := min(quantity, missing.get(order_line_id, 0)):
            units[line_id] = taken
            missing[order_line_id] -= taken
    return None if any(missing.values()) else units


def _exceeded(needs: Sequence[_Need], rooms: Sequence[Mapping[int, int]]) -> UnitsExceeded:
    """Which line asked for too much: of all points together, or else of the first one."""
    everywhere: dict[int, int] = defaultdict(int)
    for room in rooms:
        for line_id, quantity in room.items():
            everywhere[line_id] += quantity
    for room in (everywhere, rooms[0]):
        for need in needs:
            if need.units > (left := room.get(need.line_id, 0)):
                return UnitsExceeded(line=need.number, remaining=left // need.per_set)
    raise AssertionError("what fits into one room was not refused")
