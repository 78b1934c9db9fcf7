"""The table for people and the document for machines."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from bench.rows import F1_OF_THE_MARKS, PACE_OF, Judged

HEADS = ("figure", "", "value", "spread", "floor", "ratio", "mark", "goal", "verdict")
_CHANNELS = (
    "P1, P2, P4 and P5 go to a channel of delivery CHANNEL_CARRIER_MULTI (label after packing), "
    "P6 and P11 to CHANNEL_CARRIER_SINGLE (label made with the task)."
)
_PACE = (
    f"`by pace`: the mark is not reached as a number, but it is in units of {PACE_OF}, which is "
    f"{F1_OF_THE_MARKS:.0f}/s on the machine the marks were set on."
)
WORDS = 2  # columns of words at the left; numbers stand to the right
SMALL = 100


def rendered(rows: Sequence[Judged], footer: Sequence[str]) -> str:
    """One table, and what must be known to read it."""
    lines = [HEADS, *(_cells(row) for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEADS))]
    shown = [_line(line, widths) for line in lines]
    shown.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join([*shown, "", *footer])


def footer(
    *,
    shares: Mapping[str, Sequence[float]],
    notes: Sequence[str],
    rounds: int,
    invariants: Sequence[Mapping[str, Any]],
) -> list[str]:
    """The sentences under the table."""
    broken = [each["code"] for each in invariants if each["holds"] is False]
    checked = sum(each["holds"] is not None for each in invariants)
    told = ", ".join(f"{name} {mean(found):.0%}" for name, found in shares.items())
    verified = f"broken: {', '.join(broken)}" if broken else f"all {checked} invariants hold"
    return [
        f"Median of {rounds} rounds; spread is (best - worst) / median. Floors of the same run.",
        f"The generator's share of all {os.cpu_count()} processors: {told or 'not used'}.",
        _PACE,
        _CHANNELS,
        *notes,
        f"verify_invariants afterwards: {verified}.",
    ]


def write(path: Path, rows: Sequence[Judged], more: Mapping[str, Any]) -> None:
    """The same for machines."""
    document = {
        "machine": {
            "processors": os.cpu_count(),
            "system": platform.platform(),
            "python": platform.python_version(),
        },
        **more,
        "rows": [_document(row) for row in rows],
    }
    path.write_text(json.dumps(document, indent=1, default=str) + "\n", "utf-8")


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        f"{cell:<{width}}" if place < WORDS or place == len(cells) - 1 else f"{cell:>{width}}"
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(padded).rstrip()


def _cells(judged: Judged) -> tuple[str, ...]:
    row = judged.row
    unit = f" {row.unit}" if row.unit and not row.unit.startswith("/") else row.unit
    value = "-" if judged.value is None else f"{number(judged.value)}{unit}"
    return (
        row.key,
        row.title,
        value,
        "" if judged.spread is None else f"{judged.spread:.0%}",
        f"{row.floor} {number(judged.floor)}" if judged.floor is not None else "",
        "" if judged.ratio is None else f"{judged.ratio:.2f}",
        _bar(str(row.mark) if row.mark else "", judged.mark),
        _bar(str(row.goal) if row.goal else "", judged.goal),
        judged.verdict,
    )


def _bar(told: str, height: float | None) -> str:
    """A share of a floor is shown with what it comes to."""
    return f"{told} = {number(height)}" if " x " in told and height is not None else told


def number(value: float | None) -> str:
    """With as many digits as it deserves."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= SMALL or value == int(value) else f"{value:.2f}"


def _document(judged: Judged) -> dict[str, object]:
    return {
        "key": judged.row.key,
        "title": judged.row.title,
        "unit": judged.row.unit,
        "values": list(judged.values),
        "value": judged.value,
        "spread": judged.spread,
        "floor": judged.floor,
        "floor_of": judged.row.floor,
        "ratio": judged.ratio,
        "mark": judged.mark,
        "goal": judged.goal,
        "pace": judged.pace,
        "verdict": judged.verdict,
    }
