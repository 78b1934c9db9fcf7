"""The file of real orders, read on its own, to compare with what became of it."""

import csv
import gzip
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

BRAND = "RETAIL"
Key = tuple[str, int]  # the invoice, and the place of the row in it


@dataclass(slots=True)
class File:
    """What stands in the file: units by row, and goods by code in upper case."""

    rows: dict[Key, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    sold: Counter[str] = field(default_factory=Counter)


def read(path: Path) -> File:
    """Read the whole file."""
    found = File()
    for invoice, rows in groupby(_rows(path), key=lambda row: row["InvoiceNo"]):
        for place, row in enumerate(rows, 1):
            quantity, code = int(row["Quantity"]), row["StockCode"].upper()
            found.rows[invoice, place] = quantity
            if quantity > 0:
                found.sold[code] += quantity
                found.names[code] = found.names.get(code) or row["Description"]
    return found


def write_world(template: Path, path: Path, file: File) -> None:
    """A world file with a SKU for everything that was sold.

    Its brand code is what a warehouse names it by; without one it could be neither counted nor
    packed over the API.
    """
    world: dict[str, Any] = yaml.safe_load(template.read_text("utf-8"))
    organization = world["organizations"][0]["code"]
    world["skus"] = [
        {
            "organization": organization,
            "code": code,
            "name": file.names[code],
            "brand_code": BRAND,
            "brand_sku_code": code,
        }
        for code in sorted(file.sold)
    ]
    path.write_text(yaml.safe_dump(world, allow_unicode=True, sort_keys=False), "utf-8")


def refused_rows(path: Path) -> dict[Key, str]:
    """Which rows the import refused, and why."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {
            (row["InvoiceNo"], int(row["import_row"])): row["import_reason"]
            for row in csv.DictReader(file)
        }


def printed_totals(text: str) -> dict[str, int]:
    """The sums the import printed, by their words."""
    found = {}
    for line in text.splitlines():
        words, _, number = line.strip().rpartition(" ")
        if number.replace(",", "").isdigit():
            found[words.strip(" :")] = int(number.replace(",", ""))
    return found


def contradictions(
    file: File,
    *,
    stored: Mapping[Key, int],
    shipped: Mapping[Key, int],
    refused: Mapping[Key, str],
    printed: Mapping[str, int],
) -> Iterator[str]:
    """Where orders, parcels and sums do not add up to the file. Nothing when they do."""
    for key, units in stored.items():
        if file.rows.get(key) != units:
            yield f"{key}: {units} units are stored, the file has {file.rows.get(key)}"
        if shipped.get(key, 0) > units:
            yield f"{key}: {shipped[key]} units shipped of {units}"
    yield from (f"{key}: shipped, but never ordered" for key in shipped.keys() - stored.keys())
    yield from (f"{key}: stored and refused" for key in stored.keys() & refused.keys())
    sums = {
        "Rows read": len(file.rows),
        "order lines": len(stored),
        "charges and cancellations": len(file.rows) - len(stored) - len(refused),
        "refused": len(refused),
        "Units ordered": sum(stored.values()),
        "Units cancelled": sum(stored.values()) - sum(shipped.values()),
    }
    others = {"charges and cancellations": printed.get("charges", 0) + printed["cancellations"]}
    for words, number in sums.items():
        told = (others | dict(printed)).get(words)
        if told != number:
            yield f"{words}: the import says {told}, the APIs and the file {number}"


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with (
        gzip.open(path, "rt", encoding="utf-8-sig", newline="")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8-sig", newline="")
    ) as text:
        yield from csv.DictReader(text)
