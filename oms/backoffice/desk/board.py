"""What lies on the bench: the lines of a task, how many are wanted and how many were scanned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Sum

from catalog.models import Listing
from fulfillment.choices import TaskStatus
from fulfillment.models import ParcelItem, TaskLine
from fulfillment.services.dock import pick_order
from oms.backoffice.models import BenchScan, PackingSession
from oms.orders.models import Hold

OPEN = frozenset(
    {
        TaskStatus.CREATED,
        TaskStatus.ACCEPTED,
        TaskStatus.PICKING,
        TaskStatus.PICKED,
        TaskStatus.OUT_OF_STOCK,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchLine:
    """A line of the task. `wanted`: units that are live and in no box; `short`: those that were
    not found before. `codes` are folded.
    """

    id: int
    sku_code: str
    name: str
    wanted: int
    counted: int
    short: int
    codes: frozenset[str]
    barcode: str
    shelf: str

    @property
    def left(self) -> int:
        """Units that are still to come."""
        return max(self.wanted - self.counted, 0)

    @property
    def excess(self) -> int:
        """Units that were scanned and were cancelled since: they go back."""
        return max(self.counted - self.wanted, 0)

    @property
    def is_complete(self) -> bool:
        return self.counted == self.wanted

    @property
    def label(self) -> str:
        return f"{self.sku_code} {self.name}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """All lines that concern the bench, in the order of picking."""

    lines: tuple[BenchLine, ...]
    is_held: bool

    @property
    def wanted(self) -> int:
        return sum(line.wanted for line in self.lines)

    @property
    def counted(self) -> int:
        return sum(min(line.counted, line.wanted) for line in self.lines)

    @property
    def missing(self) -> list[BenchLine]:
        return [line for line in self.lines if line.left]

    @property
    def excess(self) -> list[BenchLine]:
        return [line for line in self.lines if line.excess]

    @property
    def is_complete(self) -> bool:
        """Everything that is wanted is here, nothing else, and it is something."""
        return bool(self.wanted) and not self.missing and not self.excess

    @property
    def units(self) -> dict[int, int]:
        """What is in the box, by task line."""
        return {line.id: line.counted for line in self.lines if line.counted}

    def with_code(self, code: str) -> list[BenchLine]:
        """Lines this is a code of, those that still need units first."""
        found = [line for line in self.lines if code.casefold() in line.codes]
        return sorted(found, key=lambda line: (not line.left, line.id))


def load(session: PackingSession) -> Board:
    """The bench as it is now, in a fixed number of statements."""
    task = session.task
    lines = list(task.lines.select_related("sku", "order_line").order_by("id"))
    shelves = pick_order.shelves_at(point_id=task.point_id, sku_ids=[each.sku_id for each in lines])
    boxed = _boxed(lines)
    counted = counted_units(session)
    listed = _listed(task.channel_id, lines)
    board = (
        BenchLine(
            id=line.pk,
            sku_code=line.sku.code,
            name=line.order_line.name or line.sku.name,
            wanted=line.quantity_live - boxed.get(line.pk, 0),
            counted=counted.get(line.pk, 0),
            short=line.quantity_short,
            codes=_codes(line) | listed.get(line.sku_id, frozenset()),
            barcode=next(iter(line.sku.barcodes), ""),
            shelf=shelves.get(line.sku_id, ""),
        )
        for line in sorted(lines, key=lambda line: _walk(line, shelves))
    )
    held = Hold.objects.filter(order_id=task.order_id, released_at__isnull=True).exists()
    return Board(lines=tuple(each for each in board if each.wanted or each.counted), is_held=held)


def counted_units(session: PackingSession) -> dict[int, int]:
    """Units that were scanned and not taken out again, by task line."""
    scans = BenchScan.objects.filter(session=session, task_line__isnull=False)
    sums = _sums(scans.values("task_line"), "units")
    return {line_id: units for line_id, units in sums.items() if units}


def _boxed(lines: Sequence[TaskLine]) -> dict[int, int]:
    """Units that are in a box already."""
    items = ParcelItem.objects.filter(task_line__in=lines, parcel__packed_at__isnull=False)
    return _sums(items.exclude(parcel__status="CANCELLED").values("task_line"), "quantity")


def _sums(grouped: QuerySet[Any, Any], column: str) -> dict[int, int]:
    rows = grouped.order_by().annotate(units_in_all=Sum(column))
    return dict(rows.values_list("task_line_id", "units_in_all"))


def _walk(line: TaskLine, shelves: Mapping[int, str]) -> tuple[bool, pick_order.Walk, int]:
    """Along the shelves; what lies nobody knows where comes last."""
    shelf = shelves.get(line.sku_id, "")
    return not shelf, pick_order.walk(shelf), line.pk


def _codes(line: TaskLine) -> frozenset[str]:
    sku = line.sku
    named = (sku.code, sku.brand_sku_code, *sku.barcodes)
    return frozenset(code.casefold() for code in named if code)


def _listed(channel_id: int, lines: Sequence[TaskLine]) -> dict[int, frozenset[str]]:
    """What the channel calls the SKUs, by SKU."""
    skus = {line.sku_id for line in lines}
    listings = Listing.objects.filter(channel_id=channel_id, sku_id__in=skus)
    found: dict[int, frozenset[str]] = {}
    for sku_id, code, serial in listings.values_list(
        "sku_id", "channel_sku_code", "channel_serial_no"
    ):
        if sku_id is not None:
            codes = {each.casefold() for each in (code, serial) if each}
            found[sku_id] = found.get(sku_id, frozenset()) | codes
    return found
