"""What is measured, against what, and the marks of the design."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

Verdict = Literal["goal", "mark", "by pace", "BELOW", "-", "no floor", "not measured"]


@dataclass(frozen=True, slots=True)
class Bar:
    """A height: a number, or a share of another row's value.

    `drift` names a floor measured later and the same floor measured beside the other row: a
    machine that became slower meanwhile lowers the bar as much.
    """

    factor: float
    of: str = ""
    drift: tuple[str, str] | None = None

    def height(self, values: Mapping[str, float]) -> float | None:
        """None when another row was not measured."""
        if not {self.of, *(self.drift or ())} - {""} <= set(values):
            return None
        height = self.factor * values[self.of] if self.of else self.factor
        if self.drift:
            later, earlier = self.drift
            height *= values[later] / values[earlier]
        return height

    def __str__(self) -> str:
        if not self.of:
            return f"{self.factor:,g}"
        drift = f" x {'/'.join(self.drift)}" if self.drift else ""
        return f"{self.factor:g} x {self.of}{drift}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    key: str
    title: str
    unit: str = "/s"
    floor: str = ""
    mark: Bar | None = None
    goal: Bar | None = None
    is_cost: bool = False
    """Less is better."""

    @property
    def figure(self) -> str:
        """The figure that gives this row."""
        return self.key.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with what was measured."""

    row: Row
    values: Sequence[float]
    floor: float | None
    mark: float | None
    goal: float | None
    pace: float = 1.0
    """How fast this machine is, as a share of the one the marks were set on; at most 1."""

    @property
    def value(self) -> float | None:
        return median(self.values) if self.values else None

    @property
    def spread(self) -> float | None:
        """From the worst to the best round, as a share of the median."""
        if len(self.values) < 2 or not self.value:  # noqa: PLR2004 - one has no spread
            return None
        return (max(self.values) - min(self.values)) / self.value

    @property
    def ratio(self) -> float | None:
        return self.value / self.floor if self.value is not None and self.floor else None

    @property
    def verdict(self) -> Verdict:
        if self.value is None:
            return "not measured"
        if self.row.mark is None:
            return "-"
        if self.mark is None:
            return "no floor"
        if self.goal is not None and self._reaches(self.goal):
            return "goal"
        if self._reaches(self.mark):
            return "mark"
        return "by pace" if self._reaches(self._paced(self.mark)) else "BELOW"

    def _paced(self, bar: float) -> float:
        """A number of so many a second, or of milliseconds, is worth less on a slower machine."""
        if self.row.mark is None or self.row.mark.of or self.row.unit not in {"/s", "ms"}:
            return bar
        return bar / self.pace if self.row.is_cost else bar * self.pace

    def _reaches(self, bar: float) -> bool:
        value = self.value or 0.0
        return value <= bar if self.row.is_cost else value >= bar


def _cost(key: str, title: str, unit: str, mark: float, goal: float) -> Row:
    return Row(key, title, unit, mark=Bar(mark), goal=Bar(goal), is_cost=True)


_PACE = ("F1N", "F1")
_NEWS_PACE = ("F8N", "F8")

ROWS: tuple[Row, ...] = (
    Row("F1", "DRF view, nested serializer, one SQL call"),
    Row("F2", "plain view, msgspec, one SQL call"),
    Row("F4", "PostgreSQL alone, 8 statements an order"),
    Row("F5", "PostgreSQL alone, one statement an order"),
    Row("F6", "PostgreSQL alone, COPY, 100 orders a batch"),
    Row("F8", "bare aiohttp, signed posts of 2 kB, one process"),
    Row("C9", "PostgreSQL alone, COPY of levels and ledger", "levels/s"),
    Row("P1", "intake, signed", floor="F1", mark=Bar(0.6, "F1"), goal=Bar(0.7, "F2")),
    Row("P1U", "intake of unpaid orders: no routing beside it", floor="F1"),
    Row("P2", "until allocated", floor="F1", mark=Bar(0.4, "F1"), goal=Bar(0.8, "F1")),
    Row("P3", "bulk intake, 500 a call", floor="F6", mark=Bar(0.25, "F6"), goal=Bar(0.6, "F6")),
    Row("P3.allocated", "bulk intake until allocated", mark=Bar(1_000), goal=Bar(3_000)),
    Row("P4", "intake, one hot SKU", floor="P1", mark=Bar(0.6, "P1"), goal=Bar(0.9, "P1")),
    _cost("P5.p50", "intake at a steady 100/s, p50", "ms", 10, 5),
    _cost("P5.p99", "intake at a steady 100/s, p99", "ms", 40, 15),
    Row("P6", "whole lives over both APIs", mark=Bar(40), goal=Bar(120)),
    _cost("P7.first", "order list of 50 (OMS4), first page, p50", "ms", 20, 8),
    _cost("P7.far", "the same, last page against first", "x", 1.3, 1.05),
    _cost("P7.keyset", "order list of staff, last page against first", "x", 1.3, 1.05),
    _cost("P8.first", "order list of staff, first page, p50", "ms", 300, 100),
    _cost("P8.search", "the same, search by number, p50", "ms", 300, 50),
    Row("P9", "absolute levels with ledger", "levels/s", "C9", Bar(8_000), Bar(0.5, "C9")),
    Row("P9B", "the same over /v1/inventory/bulk", "levels/s", "C9", Bar(8_000)),
    Row(
        "P10",
        "webhooks: signed, sent, recorded by one process",
        floor="F8",
        mark=Bar(1_000),
        goal=Bar(0.5, "F8"),
    ),
    Row("P10.memory", "memory of the worker that sent them", "MB", is_cost=True),
    Row("P11", "labels: claimed, made, filed, recorded", mark=Bar(40), goal=Bar(150)),
    Row("P11.draw", "labels: made only"),
    _cost("P12.web", "memory of a web process", "MB", 160, 100),
    _cost("P12.worker", "memory of a worker process", "MB", 200, 120),
    _cost("P13", "start on an existing home until ready", "s", 15, 5),
    _cost("P14", "oversold units", "", 0, 0),
    Row("F1N", "F1 again, beside P1N and P2N"),
    Row("P1N", "P1 with many stored orders", floor="F1N", mark=Bar(0.9, "P1", _PACE)),
    Row("P2N", "P2 with many stored orders", floor="F1N", mark=Bar(0.9, "P2", _PACE)),
    Row("F8N", "F8 again, beside P10N"),
    Row("P10N", "P10 with many stored deliveries", floor="F8N", mark=Bar(0.9, "P10", _NEWS_PACE)),
)

PACE_OF = "F1"
F1_OF_THE_MARKS = 660.0
"""A second, on the machine the marks were set on (620 to 710)."""


def judged(measured: Mapping[str, Sequence[float]]) -> list[Judged]:
    """Every row that was measured, or was to be."""
    values = {key: median(found) for key, found in measured.items() if found}
    pace = min(1.0, values.get(PACE_OF, F1_OF_THE_MARKS) / F1_OF_THE_MARKS)
    return [
        Judged(
            row=row,
            values=measured[row.key],
            floor=values.get(row.floor),
            mark=row.mark.height(values) if row.mark else None,
            goal=row.goal.height(values) if row.goal else None,
            pace=pace,
        )
        for row in ROWS
        if row.key in measured
    ]
